// SPDX-License-Identifier: Apache-2.0

package main

import (
	"strings"

	"github.com/gosieve/sieve/cmd/sieve/internal/cli"
	"github.com/gosieve/sieve/profile/dialect"
)

// policyFlags choose a profile and what it is resolved for. The order counts: commands
// that have no --profile, or no --dialect either, take policyFlags()[1:] or [2:].
func policyFlags() []*cli.Flag {
	return []*cli.Flag{
		{Name: "profile", Value: dockerName, Usage: "read the profile from `FILE`; - is standard input, docker Docker's default"},
		dialectFlag(),
		{Name: "thread", Usage: "take the filter of threads `NAME`, of a document that has several (firecracker)"},
		{Name: "include-root", Kind: cli.List, Usage: "read the files that a policy includes below `[PREFIX=]DIR`: in place of PREFIX, of / and of the working directory (minijail)"},
		{Name: "constants", Usage: "take the names of calls, constants and groups from `FILE`, minijail's constants.json"},
		{Name: "minijail-compiler", Kind: cli.Bool, Usage: "read policies as minijail's compile_seccomp_policy.py does: repeated lines, nested includes"},
		archFlag(),
		{Name: "kernel", Usage: "resolve for kernel `VERSION`", DefaultText: "the newest that the tables know; for run, the running one"},
		{Name: "cap", Kind: cli.List, Usage: "resolve for these `CAPABILITIES`, CAP_BPF or BPF, or ALL; +CAP_BPF adds, -CAP_BPF takes away; changes none", DefaultText: "Docker's 14"},
		{Name: "enosys", Usage: "answer new calls with ENOSYS: runc, known or off (`MODE`)", DefaultText: "runc for docker, podman and oci, else off"},
		{Name: "written", Usage: "with --enosys known: the `KERNEL` that the profile was written for", DefaultText: "that of --kernel"},
		{Name: "args", Value: "wide", Usage: "compare arguments wide, or narrow as the kernel reads them (`WIDTH`)"},
		{Name: "strict", Kind: cli.Bool, Usage: "take every warning for an error"},
	}
}

// dialectFlag is --dialect, which means the same wherever a document is read.
func dialectFlag() *cli.Flag {
	return &cli.Flag{Name: "dialect", Value: "auto", Usage: "read profiles as `DIALECT`: " + dialectNames() + ", or auto to tell by what a file holds"}
}

// dialectNames are all dialects in one line.
func dialectNames() string {
	var names []string
	for _, n := range dialect.Names() {
		names = append(names, string(n))
	}
	return strings.Join(names, ", ")
}

// archFlag is --arch: the ABI to resolve and compile for, and the byte order of raw filters.
func archFlag() *cli.Flag {
	return &cli.Flag{Name: "arch", Usage: "for `ARCH`, in any spelling: amd64, x86_64, SCMP_ARCH_X86_64", DefaultText: "the host's"}
}

// proveFlag is --no-prove. Proving is what a command does unless it is told not to.
func proveFlag() *cli.Flag {
	return &cli.Flag{Name: "no-prove", Kind: cli.Bool, Usage: "do not prove that the filter does what the profile means; the proof takes about a millisecond"}
}

// pidFlags is --pid: the filters of a running process, in a file's place. They are
// read with ptrace(2) (PTRACE_SECCOMP_GET_FILTER), which needs CAP_SYS_ADMIN.
func pidFlags() []*cli.Flag {
	return []*cli.Flag{{Name: "pid", Kind: cli.Int, Usage: "the filters of the running process `PID`; needs CAP_SYS_ADMIN"}}
}

// pidOf is --pid. It is false if the flag was not given: no number stands for that.
func pidOf(cmd *cli.Command) (pid int, ok bool) { return cmd.Int("pid"), cmd.IsSet("pid") }
