// SPDX-License-Identifier: Apache-2.0

// Launch is the smallest useful launcher: it runs a command under Docker's default
// profile, as resolved for this machine and proved equal to the filter, and passes
// its exit status on.
//
//	go run ./examples/launch sh -c 'id; unshare --user true'
//
// The launcher itself stays free: the filter is put on the child between fork and
// exec.
package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"

	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/seccomp/launch"
	"github.com/gosieve/sieve/seccomp/proof"
)

func main() {
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, "usage: launch COMMAND [ARG...]")
		os.Exit(2)
	}
	err := run(os.Args[1], os.Args[2:]...)
	var exit *exec.ExitError
	if errors.As(err, &exit) && exit.Exited() {
		os.Exit(exit.ExitCode())
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "launch:", err)
		os.Exit(1)
	}
}

// run runs a command to its end.
func run(name string, arg ...string) error {
	host, err := profile.Host()
	if err != nil {
		return err
	}
	// The profile allows more to those with capabilities. What this process has
	// does not count: the command gets what Docker would give it.
	host.Caps = profile.DockerCaps()
	document := profile.DockerDefault()
	policy, _, err := document.Resolve(host)
	if err != nil {
		return err
	}
	filter, err := proof.Compile(policy)
	if err != nil {
		return err
	}
	cmd := launch.Command(filter, name, arg...)
	cmd.Flags = document.InstallFlags(host.Kernel)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	return cmd.Run()
}
