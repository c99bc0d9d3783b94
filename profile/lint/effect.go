// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gosieve/sieve/arch"
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
