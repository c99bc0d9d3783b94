module github.com/gosieve/sieve

go 1.25.0

require (
	github.com/opencontainers/runtime-spec v1.3.0
	github.com/stretchr/testify v1.12.1
	github.com/urfave/cli/v3 v3.14.0
	go.yaml.in/yaml/v3 v3.0.5
	golang.org/x/net v0.45.0
	golang.org/x/sys v0.36.0
)
