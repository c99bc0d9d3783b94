module github.com/gosieve/sieve/examples

go 1.25.0

require (
	github.com/gosieve/sieve v0.1.0
	github.com/gosieve/sieve/profile/dialect v0.1.0
	github.com/gosieve/sieve/profile/oci v0.1.0
	github.com/opencontainers/runtime-spec v1.3.0
	github.com/stretchr/testify v1.12.1
)

require (
	github.com/gosieve/sieve/profile/spo v0.1.0 // indirect
	go.yaml.in/yaml/v3 v3.0.5 // indirect
	golang.org/x/net v0.45.0 // indirect
	golang.org/x/sys v0.36.0 // indirect
)
