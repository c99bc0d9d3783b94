// SPDX-License-Identifier: Apache-2.0

// Precompiled runs a command under a filter that was compiled when the program was
// built: it reads no profile, and needs no compiler at run time.
//
//	go generate ./examples/precompiled
//	go run ./examples/precompiled -- sh -c 'unshare --user true'
//
// The filters are of profile.json, one for each machine that the program is built
// for, and a test holds them to it: they are what compiling makes of it today, and are
// proved to decide every call as it means. A launcher that ships its profile as well
// can do the same at its start, with proof.Prove.
package main

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"os/exec"

	"github.com/gosieve/sieve/bpf"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/launch"
)

//go:generate go run ../../cmd/sieve compile --profile profile.json --arch amd64 --kernel 6.18 --format raw -o amd64.bpf
//go:generate go run ../../cmd/sieve compile --profile profile.json --arch arm64 --kernel 6.18 --format raw -o arm64.bpf
//go:generate go run ../../cmd/sieve compile --profile profile.json --arch s390x --kernel 6.18 --format raw -o s390x.bpf

func main() {
	command := os.Args[1:]
	if len(command) > 0 && command[0] == "--" {
		command = command[1:]
	}
	if len(command) == 0 {
		fmt.Fprintln(os.Stderr, "usage: precompiled [--] COMMAND [ARG...]")
		os.Exit(125)
	}
	err := run(command[0], command[1:]...)
	var ended *exec.ExitError
	if errors.As(err, &ended) {
		os.Exit(ended.ExitCode())
	}
	if err != nil {
		fmt.Fprintf(os.Stderr, "precompiled: %v\n", err)
		os.Exit(125)
	}
}

// run runs a command under the embedded filter.
func run(name string, arg ...string) error {
	filter, err := embedded()
	if err != nil {
		return err
	}
	c := launch.Command(filter, name, arg...)
	c.Stdin, c.Stdout, c.Stderr = os.Stdin, os.Stdout, os.Stderr
	c.Flags = seccomp.SpecAllow
	return c.Run()
}

// embedded is the filter for the machine that the program was built for. The bytes are
// in that machine's order.
func embedded() (seccomp.Filter, error) {
	if raw == nil {
		return nil, errors.New("no filter was compiled for this architecture")
	}
	program, err := bpf.Decode(raw, binary.NativeEndian)
	if err != nil {
		return nil, err
	}
	return seccomp.Filter{program}, nil
}
