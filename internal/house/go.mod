module github.com/gosieve/sieve/internal/house

go 1.25.0

require (
	github.com/gosieve/sieve v0.1.0
	github.com/gosieve/sieve/derive v0.1.0
	github.com/gosieve/sieve/profile/dialect v0.1.0
	github.com/gosieve/sieve/profile/oci v0.1.0
	github.com/gosieve/sieve/profile/spo v0.1.0
	github.com/stretchr/testify v1.12.1
)

require (
	github.com/opencontainers/runtime-spec v1.3.0 // indirect
	go.yaml.in/yaml/v3 v3.0.5 // indirect
	golang.org/x/net v0.58.0 // indirect
	golang.org/x/sys v0.47.0 // indirect
	golang.org/x/tools v0.49.0 // indirect
)
