module github.com/gosieve/sieve/cmd/sieve

go 1.25.0

require (
	github.com/gosieve/sieve v0.1.0
	github.com/gosieve/sieve/derive v0.1.0
	github.com/gosieve/sieve/profile/dialect v0.1.0
	github.com/gosieve/sieve/profile/spo v0.1.0
	github.com/stretchr/testify v1.12.1
	golang.org/x/sys v0.47.0
)

require (
	go.yaml.in/yaml/v3 v3.0.5 // indirect
	golang.org/x/net v0.58.0 // indirect
	golang.org/x/tools v0.49.0 // indirect
)
