module github.com/gosieve/sieve/libseccomp

go 1.25.0

require github.com/gosieve/sieve v0.1.0

require (
	golang.org/x/net v0.45.0 // indirect
	golang.org/x/sys v0.36.0 // indirect
)
