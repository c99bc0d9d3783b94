// SPDX-License-Identifier: Apache-2.0

// Package seccomp says what a system call policy means, compiles it to a filter, and
// installs the filter.
//
// A [Policy] is a list of rules, tried in order, and two answers for what no rule
// matches: [Policy.Evaluate], plain Go, is its meaning and the specification of all
// else. [Policy.Compile] makes a [Filter], one or more classic BPF programs, which gives
// the same answer as Evaluate for every call that a thread can make: [Filter.Run] is what
// the kernel would answer. [Filter.Install] hands it to the kernel, for good.
//
//	policy := &seccomp.Policy{
//		Arches:  []arch.Arch{arch.Native()},
//		Rules:   []seccomp.Rule{{Syscalls: []string{"ptrace"}, Action: seccomp.Errno(1)}},
//		Default: seccomp.Allow,
//		BadArch: seccomp.KillProcess,
//	}
//	filter, err := policy.Compile()
//	if err == nil {
//		err = filter.InstallSelf(0)
//	}
//
// # The way of a policy
//
// Compile lowers the rules to a decision diagram, word by word of struct seccomp_data
// (lower.go, which explains its strategies), and internal/decision lays the diagram out as
// instructions. Nothing is asked of the machine: the same policy and options give the same
// bytes everywhere. Install, InstallSelf and Installed are all that touches a kernel, and
// exist on Linux only; elsewhere their errors wrap [ErrNotSupported].
//
// The files, in the order in which a policy passes through them: policy.go (what it is) and
// evaluate.go (what it means); compile.go, budget.go (the limits), lower.go (the strategies),
// calls.go (numbers), ruleset.go and rules.go (the rules of a number), values.go, sequence.go
// and groups.go (ways to decide them), order.go and arg.go (one condition); stack.go and
// weight.go (layout); filter.go; install.go, self.go and installed_linux.go (the kernel).
//
// Package profile, before this one, reads a document and resolves it to a policy. After
// it come seccomp/proof, which proves a filter equal to its policy, compares and combines;
// seccomp/launch, which runs a command under a filter; seccomp/notify, for supervisors;
// and seccomp/features, which says what the running kernel has.
//
// # Limits
//
// A program has at most 4096 instructions, and a thread's filters at most 32768
// altogether, as the kernel counts them. A policy that needs more than one program becomes
// a stack, of which one program must hold all decisions that ask a supervisor. Compile
// itself is bounded ([Within]). It is bad at policies with hundreds of conditions on
// several arguments of one call: see lower.go.
//
// The kernel reads an argument of a 32-bit ABI as 32 bits, and some arguments of a 64-bit
// ABI as int: [Arg.Narrow] says so. A filter sees numbers, never what a pointer points to.
package seccomp
