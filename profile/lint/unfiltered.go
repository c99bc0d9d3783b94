// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"fmt"
	"slices"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/resolution"
	"github.com/gosieve/sieve/internal/unfiltered"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/seccomp"
)

// unfiltered looks for rules that do not count, as the kernel asks no filter about their
// call.
//
// A rule for such a call is told once. One that allows is left out, because what the
// kernel does is what it says.
func (l *linter) unfiltered() {
	told := map[int]bool{} // by rule of the document
	for a, abi := range l.arches {
		if !l.used(a) {
			continue
		}
		for nr, name := range abi.Calls() {
			since, ok := unfiltered.Since(abi, nr)
			if !ok || l.target.Kernel != 0 && l.target.Kernel < since {
				continue
			}
			last, j := -1, -1
			for i := range l.Parts {
				part := &l.Parts[i]
				if part.Doc != last { // parts of a rule stand side by side
					last, j = part.Doc, slices.Index(l.p.Syscalls[part.Doc].Names, name)
				}
				if j < 0 || part.Action == seccomp.Allow || told[part.Doc] {
					continue
				}
				told[part.Doc] = true
				l.noteCall(&seccomp.Call{Audit: abi.Audit(), Nr: nr}, profile.Warning, "unfiltered-call", l.of(resolution.NamePath(part.Doc, j)), "",
					"%s", unfilteredText(abi, name, since, part.Action))
			}
		}
	}
}

// unfilteredRules is the same for a policy of any dialect. A rule that names the call by its
// number alone is passed over: it may be one of a range, and say nothing of this call.
func unfilteredRules(a arch.Arch, name string, nr uint32, rules []*seccomp.Rule) []profile.Diagnostic {
	since, ok := unfiltered.Since(a, nr)
	if !ok {
		return nil
	}
	var list []profile.Diagnostic
	for _, r := range rules {
		if r.Action == seccomp.Allow || !slices.Contains(r.Syscalls, name) {
			continue
		}
		list = append(list, profile.Diagnostic{Severity: profile.Warning, Code: "unfiltered-call", Message: unfilteredText(a, name, since, r.Action),
			Place: placeOf(&r.Origin), Witness: &seccomp.Call{Audit: a.Audit(), Nr: nr}})
	}
	return list
}

// unfilteredText is the message, with the first kernel that makes the call without a
// filter.
func unfilteredText(a arch.Arch, name string, since arch.Kernel, action seccomp.Action) string {
	return fmt.Sprintf("%v for %s does not count on %v: Linux %v and later ask no filter about it", action, name, a, since)
}
