module github.com/gosieve/sieve/derive

go 1.25.0

require (
	github.com/gosieve/sieve v0.1.0
	github.com/stretchr/testify v1.8.1
	golang.org/x/tools v0.49.0
)

require (
	github.com/davecgh/go-spew v1.1.1 // indirect
	github.com/pmezard/go-difflib v1.0.0 // indirect
	golang.org/x/net v0.58.0 // indirect
	golang.org/x/sys v0.47.0 // indirect
	gopkg.in/yaml.v3 v3.0.1 // indirect
)
