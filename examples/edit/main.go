// SPDX-License-Identifier: Apache-2.0

// Edit prints Docker's default profile without the calls that it is given, as the seccomp
// object of a config.json (*specs.LinuxSeccomp), which is what a launcher of OCI
// containers gives on to its runtime.
//
//	go run ./examples/edit mount chroot | head
//
// Docker's profile has rules that apply only to some machines and capabilities, and an OCI
// runtime does not read those conditions: the object is for one target.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"

	specs "github.com/opencontainers/runtime-spec/specs-go"

	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/profile/oci"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "edit:", err)
		os.Exit(1)
	}
}

// run prints the edited profile for this machine.
func run(names []string) error {
	host, err := profile.Host()
	if err != nil {
		return err
	}
	host.Caps = profile.DockerCaps()
	held, err := without(names, host)
	if err != nil {
		return err
	}
	text, err := json.MarshalIndent(held, "", "\t")
	if err != nil {
		return err
	}
	fmt.Println(string(text))
	return nil
}

// without is Docker's default profile for a target, with the names taken out of its rules:
// those calls get the default action. A rule in front that denies them would change
// nothing, as a runtime skips rules whose action is the default.
func without(names []string, target profile.Target) (*specs.LinuxSeccomp, error) {
	p := profile.DockerDefault()
	for i := range p.Syscalls {
		r := &p.Syscalls[i]
		r.Names = slices.DeleteFunc(r.Names, func(name string) bool { return slices.Contains(names, name) })
	}
	p.Syscalls = slices.DeleteFunc(p.Syscalls, func(r profile.Rule) bool { return len(r.Names) == 0 })
	return oci.For(p, target)
}
