// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// A way is how a program is run: by itself, under something that sees its calls, or under
// its filter.
type way struct {
	name string
	// command is what runs the program; what it saw is written to out.
	command func(program, out string, args []string) *exec.Cmd
	// read finds the calls in what was written.
	read func(text string) (map[string]bool, error)
	// needs is a program without which there is nothing to run.
	needs string
}

var stracing = way{
	name: "strace",
	command: func(program, out string, args []string) *exec.Cmd {
		return exec.Command("strace", append([]string{"-f", "-qq", "-e", "signal=none", "-o", out, program}, args...)...)
	},
	read: func(text string) (map[string]bool, error) {
		list, err := readStrace(strings.NewReader(text))
		return programCalls(list), err
	},
	needs: "strace",
}

// watching sees what sieve record does.
var watching = way{
	name: "sieve record",
	command: func(program, out string, args []string) *exec.Cmd {
		self, err := os.Executable()
		cmd := exec.Command(self, append([]string{program}, args...)...)
		cmd.Env, cmd.Err = append(os.Environ(), watchVariable+"="+out), err
		return cmd
	},
	read: func(text string) (map[string]bool, error) {
		calls := map[string]bool{}
		for name := range strings.FieldsSeq(text) {
			calls[name] = true
		}
		return calls, nil
	},
}

// emulating runs programs for arm64. It does not see children after their execve, as the kernel
// starts those.
var emulating = way{
	name: "qemu",
	command: func(program, out string, args []string) *exec.Cmd {
		return exec.Command("qemu-aarch64", append([]string{"-strace", "-D", out, program}, args...)...)
	},
	read:  func(text string) (map[string]bool, error) { return readEmulated(text), nil },
	needs: "qemu-aarch64",
}

// confining runs programs under the profile, and sees nothing.
func confining(sieve, profile string) way {
	return way{
		name: "the profile",
		command: func(program, _ string, args []string) *exec.Cmd {
			return exec.Command(sieve, append([]string{"run", "--profile", profile, "--", program}, args...)...)
		},
	}
}

// calls reads what was seen in all runs of a load.
func (w way) calls(dir string) (map[string]bool, error) {
	files, err := filepath.Glob(filepath.Join(dir, "seen.*"))
	if err != nil {
		return nil, err
	}
	all := map[string]bool{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		calls, err := w.read(string(text))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		maps.Copy(all, calls)
	}
	return all, nil
}

// missing reports why a way cannot be gone on this machine.
func (w way) missing() error {
	if w.needs == "" {
		return nil
	}
	_, err := exec.LookPath(w.needs)
	return err
}

// names are the members of a set, in order.
func names(set map[string]bool) []string { return slices.Sorted(maps.Keys(set)) }
