module github.com/gosieve/sieve/libseccomp

go 1.25.0

require (
	github.com/gosieve/sieve v0.1.0
	github.com/stretchr/testify v1.8.1
	golang.org/x/sys v0.36.0
)

require (
	github.com/davecgh/go-spew v1.1.1 // indirect
	github.com/pmezard/go-difflib v1.0.0 // indirect
	golang.org/x/net v0.45.0 // indirect
	gopkg.in/yaml.v3 v3.0.1 // indirect
)
