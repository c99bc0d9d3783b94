// SPDX-License-Identifier: Apache-2.0

// Confine prints the SHA-256 of its standard input, and confines itself before it reads
// the first byte: whatever the input might do to the program, the program cannot open
// files, make connections or start others any more.
//
//	go run ./examples/confine < go.mod
//
// The policy is written in Go and denies a few calls. A list of what is denied is easy to
// live with and easy to get round; examples/restrict has a profile that allows what is
// needed and nothing else.
package main

import (
	"crypto/sha256"
	"fmt"
	"io"
	"os"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/proof"
)

func main() {
	if err := run(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "confine:", err)
		os.Exit(1)
	}
}

// run confines the program and prints the sum of what it reads.
func run(in io.Reader, out io.Writer) error {
	if err := confine(); err != nil {
		return err
	}
	sum := sha256.New()
	if _, err := io.Copy(sum, in); err != nil {
		return err
	}
	_, err := fmt.Fprintf(out, "%x\n", sum.Sum(nil))
	return err
}

// eperm is EPERM (include/uapi/asm-generic/errno-base.h), the same number on every ABI.
const eperm = 1

// denied are the ways to open a file, to reach another machine or process, and to become
// another program. Calls through another ABI, which have other numbers, kill the process.
var denied = []string{"open", "openat", "openat2", "creat", "open_by_handle_at", "socket", "socketpair", "io_uring_setup",
	"execve", "execveat", "ptrace", "process_vm_writev", "bpf", "mount", "userfaultfd"}

// confine puts a filter on every thread of the program, for good.
func confine() error {
	policy := &seccomp.Policy{
		Arches:  []arch.Arch{arch.Native()},
		Rules:   []seccomp.Rule{{Syscalls: denied, Action: seccomp.Errno(eperm)}},
		Default: seccomp.Allow,
		BadArch: seccomp.KillProcess,
	}
	filter, err := proof.Compile(policy)
	if err != nil {
		return err
	}
	return filter.InstallSelf(0)
}
