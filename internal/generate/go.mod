module github.com/gosieve/sieve/internal/generate

go 1.26.0

require (
	github.com/gosieve/sieve v0.1.0
	github.com/moby/profiles/seccomp v0.3.0
	golang.org/x/sys v0.50.0
)

require github.com/opencontainers/runtime-spec v1.2.1 // indirect
