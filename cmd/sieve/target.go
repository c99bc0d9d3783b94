// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/cmd/sieve/internal/cli"
	"github.com/gosieve/sieve/profile"
)

// archOf is the ABI of --arch, or the machine's own.
func archOf(cmd *cli.Command) (arch.Arch, error) {
	if name := cmd.String("arch"); name != "" {
		abi, err := arch.Parse(name)
		if err != nil {
			return 0, fmt.Errorf("--arch: %w", err)
		}
		return abi, nil
	}
	// The architecture that this program was built for, which is no question to the
	// machine.
	abi := arch.Native()
	if !abi.Valid() {
		return 0, errors.New("--arch: this machine's architecture has no table, say which")
	}
	return abi, nil
}

// target is what the flags say of the machine. Without flags it is not the running
// machine: the kernel is the newest that the tables know, and the capabilities are
// Docker's, so that the same command gives the same filter everywhere.
func target(cmd *cli.Command) (profile.Target, error) {
	abi, err := archOf(cmd)
	if err != nil {
		return profile.Target{}, err
	}
	t := profile.Target{Arch: abi, Kernel: arch.Newest, Caps: profile.DockerCaps()}
	if cmd.IsSet("kernel") {
		if t.Kernel, err = kernelOf(cmd, "kernel"); err != nil {
			return t, err
		}
	}
	if cmd.IsSet("cap") {
		if t.Caps, err = capsFrom(t.Caps, cmd); err != nil {
			return t, err
		}
	}
	return t, nil
}

// capsFrom are the capabilities of --cap: those that it lists or, where it lists none, base;
// then with those that it adds (+CAP_BPF) and without those that it takes away (-CAP_BPF), in
// order.
func capsFrom(base []string, cmd *cli.Command) ([]string, error) {
	given := cmd.Strings("cap")
	if i := slices.IndexFunc(given, absolute); i >= 0 || len(given) == 0 {
		var err error
		if base, err = capsOf(cmd.With("cap", slices.DeleteFunc(slices.Clone(given), relative)...), "cap"); err != nil {
			return nil, err
		}
	}
	for _, word := range given {
		if word = strings.TrimSpace(word); !relative(word) {
			continue
		}
		changed, err := profile.ParseCaps(word[1:])
		if err != nil {
			return nil, fmt.Errorf("--cap: %w", err)
		}
		base = slices.DeleteFunc(slices.Clone(base), func(c string) bool { return slices.Contains(changed, c) })
		if word[0] == '+' {
			base = append(base, changed...)
		}
	}
	return append([]string{}, base...), nil
}

// relative says whether a word of --cap adds to or takes from what is there, and absolute
// whether it lists a capability.
func relative(word string) bool {
	word = strings.TrimSpace(word)
	return strings.HasPrefix(word, "+") || strings.HasPrefix(word, "-")
}

func absolute(word string) bool { return !relative(word) }

// capsOf are the capabilities that a flag lists. The result is never nil: an empty flag
// means no capabilities, and nil would mean that none are given.
func capsOf(cmd *cli.Command, flag string) ([]string, error) {
	names := []string{}
	for _, name := range cmd.Strings(flag) {
		if name = strings.TrimSpace(name); name != "" {
			names = append(names, name)
		}
	}
	caps, err := profile.ParseCaps(names...)
	if err != nil {
		return nil, fmt.Errorf("--%s: %w", flag, err)
	}
	return append([]string{}, caps...), nil
}

// allCaps are all capabilities that the kernel has.
func allCaps() []string {
	all, _ := profile.ParseCaps("ALL") // which is no error
	return all
}

// hostTarget is the target of the flags, with the running kernel where --kernel is not
// given.
func hostTarget(cmd *cli.Command) (profile.Target, error) {
	t, err := target(cmd)
	if err != nil {
		return t, err
	}
	host, err := profile.Host()
	if err != nil {
		return t, err
	}
	if !cmd.IsSet("kernel") {
		t.Kernel = host.Kernel
	}
	return t, nil
}

// recordTarget is the machine that the run was made on, with the capabilities that Docker
// gives: the profile is for a container, not for whoever records.
func recordTarget() profile.Target {
	// On an error of Host the newest kernel stands in: the recording must not be lost for
	// it.
	t := profile.Target{Arch: arch.Native(), Kernel: arch.Newest, Caps: profile.DockerCaps()}
	if host, err := profile.Host(); err == nil {
		t.Kernel = host.Kernel
	}
	return t
}
