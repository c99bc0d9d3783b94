// SPDX-License-Identifier: Apache-2.0

package scmp

import (
	"slices"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/seccomp"
)

// Actions are libseccomp's names, in the order in which errors list them.
var Actions = []string{"SCMP_ACT_ALLOW", "SCMP_ACT_ERRNO", "SCMP_ACT_KILL", "SCMP_ACT_KILL_PROCESS",
	"SCMP_ACT_KILL_THREAD", "SCMP_ACT_LOG", "SCMP_ACT_NOTIFY", "SCMP_ACT_TRACE", "SCMP_ACT_TRAP"}

// Action is the action of a name, and the largest number that it carries; most
// is 0 if it carries none. SCMP_ACT_KILL kills a thread, not the process.
func Action(name string) (a seccomp.Action, most uint32, ok bool) {
	switch name {
	case "SCMP_ACT_ALLOW":
		return seccomp.Allow, 0, true
	case "SCMP_ACT_ERRNO":
		return seccomp.Errno(0), seccomp.MaxErrno, true
	case "SCMP_ACT_KILL", "SCMP_ACT_KILL_THREAD":
		return seccomp.KillThread, 0, true
	case "SCMP_ACT_KILL_PROCESS":
		return seccomp.KillProcess, 0, true
	case "SCMP_ACT_LOG":
		return seccomp.Log, 0, true
	case "SCMP_ACT_NOTIFY":
		return seccomp.Notify, 0, true
	case "SCMP_ACT_TRACE":
		return seccomp.Trace(0), 0xffff, true
	case "SCMP_ACT_TRAP":
		return seccomp.Trap(0), 0, true
	}
	return 0, 0, false
}

// EPERM is what an action carries if the document does not say (EPERM, on every
// ABI).
const EPERM = 1

// ActionWith is an action that check has accepted, with its number.
func ActionWith(name string, number *uint32) seccomp.Action {
	a, most, _ := Action(name)
	switch {
	case most == 0:
		return a
	case number == nil:
		return a | EPERM
	}
	return a | seccomp.Action(*number&most)
}

var Ops = []string{"SCMP_CMP_EQ", "SCMP_CMP_NE", "SCMP_CMP_LT", "SCMP_CMP_LE", "SCMP_CMP_GT", "SCMP_CMP_GE",
	"SCMP_CMP_MASKED_EQ"}

// Op is the operator of a name.
func Op(name string) (seccomp.Op, bool) {
	if i := slices.Index(Ops, name); i >= 0 {
		return seccomp.EQ + seccomp.Op(i), true // in the order of package seccomp
	}
	return 0, false
}

// Condition is a condition in the terms of a policy. Value is what the argument is
// compared with, but for SCMP_CMP_MASKED_EQ the mask, and two what the masked argument
// must be.
func Condition(index uint32, word string, value, two uint64) seccomp.Arg {
	o, _ := Op(word)
	c := seccomp.Arg{Index: int(index), Op: o, Value: value}
	if o == seccomp.MaskedEQ {
		c.Mask, c.Value = value, two
	}
	return c
}

// Flags are the flags that a document may ask for. The others are for the
// launcher alone.
var Flags = []string{"SECCOMP_FILTER_FLAG_TSYNC", "SECCOMP_FILTER_FLAG_LOG", "SECCOMP_FILTER_FLAG_SPEC_ALLOW",
	"SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV"}

// Arch is the ABI of a token like SCMP_ARCH_X86_64.
func Arch(token string) (arch.Arch, bool) {
	if token == "" {
		return 0, false
	}
	for a := arch.X86_64; a.Valid(); a++ {
		if a.Token() == token {
			return a, true
		}
	}
	return 0, false
}

// Archs are all that abi knows.
func Archs() []string {
	var list []string
	for _, a := range arch.All() {
		if t := a.Token(); t != "" {
			list = append(list, t)
		}
	}
	return list
}

// Machine is an ABI's name in Podman's filters, which is libseccomp-golang's
// (ScmpArch.String); empty if there is none.
func Machine(a arch.Arch) string {
	switch a {
	case arch.X86_64:
		return "amd64"
	case arch.AArch64:
		return "arm64"
	case arch.LoongArch64:
		return "loong64"
	}
	if a.Token() == "" {
		return ""
	}
	return a.String()
}
