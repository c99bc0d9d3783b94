// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/resolution"
	"github.com/gosieve/sieve/internal/userland"
	"github.com/gosieve/sieve/internal/wording"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/seccomp"
)

// effects looks for what a document asks in vain.
func (l *linter) effects() {
	l.waitKillable()
	l.nothing()
	for a, abi := range l.arches {
		if l.used(a) {
			l.socketcall(a, abi)
			l.otherName(abi)
		}
	}
}

// waitKillable: the kernel takes SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV only together
// with a listener (seccomp_set_mode_filter, kernel/seccomp.c), which is there for
// SCMP_ACT_NOTIFY alone.
//
// It is a Failure, as no kernel installs such a filter and the container does not start.
func (l *linter) waitKillable() {
	asks := func(r seccomp.Rule) bool { return r.Action.Kind() == seccomp.Notify }
	if l.Policy.Default.Kind() == seccomp.Notify || slices.ContainsFunc(l.Policy.Rules, asks) {
		return
	}
	for i, flag := range l.p.Flags {
		if strings.TrimPrefix(flag, "SECCOMP_FILTER_FLAG_") == "WAIT_KILLABLE_RECV" {
			path := fmt.Sprintf("flags[%d]", i)
			l.mend(removing(path))
			l.note(profile.Failure, "wait-killable", l.of(path), "",
				"%s without a rule that asks a supervisor: the kernel refuses the filter with EINVAL", flag)
		}
	}
}

// nothing: a filter that allows every call of the ABIs that it lists. One with rules
// was to do something.
//
// An empty document is a note, since "allow all" may be meant. A key that nothing looks
// at makes it a warning: it is likely the misspelt list of rules.
func (l *linter) nothing() {
	other := func(r seccomp.Rule) bool { return r.Action != seccomp.Allow }
	if l.failed || l.def != seccomp.Allow || slices.ContainsFunc(l.Policy.Rules, other) {
		return
	}
	severity, why := profile.Info, "there is no rule"
	unknown := func(d profile.Diagnostic) bool { return d.Code == "unknown-key" }
	switch {
	case slices.ContainsFunc(l.p.Warnings, unknown):
		severity, why = profile.Warning, "there is no rule that denies, and a key that nothing looks at"
	case len(l.p.Syscalls) > 0:
		severity, why = profile.Warning, "no rule that applies denies"
	}
	l.note(severity, "filters-nothing", l.of("defaultAction"), "",
		"every call is allowed that comes through %s: the default allows, and %s", archNames(l.arches), why)
}

// archNames lists ABIs for a message, in the order of the policy: "x86_64, x86, x32".
func archNames(list []arch.Arch) string {
	var names []string
	for _, a := range list {
		names = append(names, a.String())
	}
	return strings.Join(names, ", ")
}

// socketcallABIs are those on which glibc 2.41, as distributions build it, makes calls
// for sockets through socketcall, and for System V IPC through ipc (sysdeps/unix/sysv/
// linux/{i386,m68k,s390}/kernel-features.h: before kernels 4.3 and 5.1).
var socketcallABIs = []arch.Arch{arch.X86, arch.M68K, arch.S390, arch.S390X}

// socketcall: calls that are allowed by themselves, but not the way that programs make
// them.
//
// A profile that allows socket and connect and says nothing of socketcall leaves an i386
// program without a network: glibc makes all of these
// calls through it there. The call in the finding has the
// number of the inner call as its first argument.
func (l *linter) socketcall(a int, abi arch.Arch) {
	if !slices.Contains(socketcallABIs, abi) {
		return
	}
	severity := profile.Info
	if a == 0 {
		severity = profile.Warning // most programs are of the target's own ABI
	}
	for _, m := range resolution.Multiplexers {
		var names []string
		var first seccomp.Call
		nr, _ := abi.Number(m.Name)
		for _, name := range l.muxed(abi, m.Name) {
			_, n, _ := abi.Multiplexer(name)
			call := seccomp.Call{Audit: abi.Audit(), Nr: nr, Args: [6]uint64{uint64(n)}}
			o := userland.OutcomesOf(l.Policy, abi, name)
			if o == nil || !o.Some(seccomp.Action.Runs) || !l.Policy.Evaluate(&call).Denies() {
				continue
			}
			if names = append(names, name); len(names) == 1 {
				first = call
			}
		}
		if len(names) == 0 {
			continue
		}
		at := l.saidOf(m.Name)
		l.noteCall(&first, severity, "multiplexer-denied", at, "", "on %v %s may be made directly, but glibc makes them through %s, where they get %v",
			abi, wording.Few(names), m.Name, l.Policy.Evaluate(&first))
	}
}

// muxed are the calls that rules name and that a multiplexer makes.
func (l *linter) muxed(abi arch.Arch, mux string) []string {
	var list []string
	for _, part := range l.Parts {
		for _, name := range part.Names {
			if m, _, ok := abi.Multiplexer(name); ok && m == mux && !slices.Contains(list, name) {
				list = append(list, name)
			}
		}
	}
	return list
}

// otherName: a rule that allows a call by a name that an ABI lacks, while the call
// that it has is denied. (Where a rule denies, siblings says so.)
func (l *linter) otherName(abi arch.Arch) {
	if l.def.Runs() {
		return
	}
	for _, part := range l.Parts {
		if !part.Action.Runs() {
			continue
		}
		for _, name := range part.Names {
			if _, ok := abi.Number(name); ok {
				continue
			}
			i := slices.IndexFunc(userland.Renamed, func(n []string) bool { return slices.Contains(n, name) })
			if i < 0 {
				continue
			}
			l.aboutOtherName(&part, name, abi, userland.Renamed[i])
		}
	}
}

func (l *linter) aboutOtherName(part *resolution.Part, name string, abi arch.Arch, names []string) {
	for _, other := range names {
		o := userland.OutcomesOf(l.Policy, abi, other)
		if o == nil {
			continue
		}
		if o.Denied() {
			doc := &l.p.Syscalls[part.Doc]
			j := slices.Index(doc.Names, name)
			nr, _ := abi.Number(other)
			if len(part.Args) == 0 && !slices.ContainsFunc(l.p.Syscalls, func(r profile.Rule) bool { return slices.Contains(r.Names, other) }) {
				l.mend(answered(l.p, func(int) bool { return false }, []string{other}, doc.Action, nil)...)
			}
			l.noteCall(&seccomp.Call{Audit: abi.Audit(), Nr: nr}, profile.Info, "other-name", l.of(resolution.NamePath(part.Doc, j)), "",
				"%v has no %s but %s, which gets %v", abi, name, other, o.Last())
		}
		return
	}
}
