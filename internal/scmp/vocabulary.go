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

// EPERM is the number of an action whose document gives none: the OCI runtime
// specification's default for errnoRet, and 1 on every ABI.
const EPERM = 1

// ActionWith returns an action with its number, nil for none. The name must be one that
// Action knows; the number is at most what Action says, or its upper bits are cut off.
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

// Ops are libseccomp's operators in the order of package seccomp's, so that the index of a
// name gives the operator. All compare unsigned numbers.
var Ops = []string{"SCMP_CMP_EQ", "SCMP_CMP_NE", "SCMP_CMP_LT", "SCMP_CMP_LE", "SCMP_CMP_GT", "SCMP_CMP_GE",
	"SCMP_CMP_MASKED_EQ"}

// Op returns the operator of a name. Names are compared exactly, as in runc.
func Op(name string) (seccomp.Op, bool) {
	if i := slices.Index(Ops, name); i >= 0 {
		return seccomp.EQ + seccomp.Op(i), true // in the order of package seccomp
	}
	return 0, false
}

// Condition returns a condition of a policy. Value is what the argument is compared with.
// For SCMP_CMP_MASKED_EQ it is the mask, and two is what the masked argument must be;
// libseccomp clears the bits of two that are outside the mask. Other operators ignore
// two.
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

// Arch returns the ABI of a token like SCMP_ARCH_X86_64; it is false for an unknown one.
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

// Archs are the tokens of all ABIs in package arch, for error messages.
func Archs() []string {
	var list []string
	for _, a := range arch.All() {
		if t := a.Token(); t != "" {
			list = append(list, t)
		}
	}
	return list
}
