// SPDX-License-Identifier: Apache-2.0

// Launch is the smallest useful launcher: it runs a command under any profile, in any
// dialect, as resolved for this machine and proved equal to the filter, and passes the
// command's exit status on.
//
//	go run ./examples/launch internal/docker/data/docker-default.json sh -c 'id; unshare --user true'
//
// The launcher itself stays free: the filter is put on the child between fork and exec.
//
// A profile may allow more to those with capabilities. The command gets what the profile
// gives to Docker's default capabilities, whatever this process has. A launcher that
// takes away no privileges is no sandbox: the filter is one wall of several.
package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"

	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/profile/dialect"
	"github.com/gosieve/sieve/seccomp/features"
	"github.com/gosieve/sieve/seccomp/launch"
)

func main() {
	if len(os.Args) < 3 {
		fmt.Fprintln(os.Stderr, "usage: launch PROFILE COMMAND [ARG...]")
		os.Exit(2)
	}
	err := run(os.Args[1], os.Args[2], os.Args[3:]...)
	var exit *exec.ExitError
	if errors.As(err, &exit) && exit.Exited() {
		os.Exit(exit.ExitCode())
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "launch:", err)
		os.Exit(1)
	}
}

// run runs a command to its end, under the profile in a file.
func run(file, name string, arg ...string) error {
	document, err := dialect.ReadFile(file)
	if err != nil {
		return err
	}
	host, err := profile.Host()
	if err != nil {
		return err
	}
	host.Caps = profile.DockerCaps()
	filter, err := document.Compile(host)
	if err != nil {
		return err
	}
	cmd := launch.Command(filter, name, arg...)
	cmd.Flags = document.InstallFlags(features.Flags())
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	return cmd.Run()
}
