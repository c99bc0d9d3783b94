// SPDX-License-Identifier: Apache-2.0

// Gate is a check for a pipeline: it passes if two profiles decide every call alike, and
// otherwise shows a call on which they differ.
//
//	go run ./examples/gate old.json new.json
//
// The profiles may be in different dialects. All calls are compared, not a sample, for one
// machine and kernel: a gate for a fleet compares for each kind of machine in it. The
// command `sieve diff` does the same and prints every difference.
package main

import (
	"fmt"
	"os"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/profile/dialect"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/proof"
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: gate OLD NEW")
		os.Exit(2)
	}
	if err := gate(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "gate:", err)
		os.Exit(1)
	}
}

// target is what the profiles are compared for. It does not depend on the machine that
// runs the pipeline.
var target = profile.Target{Arch: arch.X86_64, Kernel: arch.Newest, Caps: profile.DockerCaps()}

// gate is an error unless the profiles in two files mean the same.
func gate(files ...string) error {
	var policies [2]*seccomp.Policy
	for i, file := range files {
		document, err := dialect.ReadFile(file)
		if err != nil {
			return err
		}
		if policies[i], _, err = document.Resolve(target); err != nil {
			return err
		}
	}
	for difference, err := range proof.Diff(proof.Of(policies[0]), proof.Of(policies[1])) {
		if err != nil {
			return err
		}
		return fmt.Errorf("%s and %s differ: %v", files[0], files[1], difference)
	}
	return nil
}
