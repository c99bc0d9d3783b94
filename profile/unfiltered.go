// SPDX-License-Identifier: Apache-2.0

package profile

import (
	"fmt"
	"slices"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/seccomp"
)

// unfiltered looks for rules that do not count, as the kernel asks no filter about their
// call.
func (l *linter) unfiltered() {
	told := map[int]bool{} // by rule of the document
	for a, abi := range l.arches {
		if !l.used(a) {
			continue
		}
		for nr, name := range abi.Calls() {
			since, ok := abi.Unfiltered(nr)
			if !ok || l.target.Kernel != 0 && l.target.Kernel < since {
				continue
			}
			for i := range l.rules {
				part := &l.rules[i]
				doc := &l.p.Syscalls[part.doc]
				j := slices.Index(doc.Names, name)
				if j < 0 || part.action == seccomp.Allow || told[part.doc] {
					continue
				}
				told[part.doc] = true
				l.noteCall(&seccomp.Call{Audit: abi.Audit(), Nr: nr}, Warning, "unfiltered-call", l.p.nameAt(doc, j), namePath(part.doc, j), "",
					"%s", unfilteredText(abi, name, since, part.action))
			}
		}
	}
}

// unfilteredRules is the same for a policy of any dialect.
func unfilteredRules(a arch.Arch, name string, nr uint32, rules []*seccomp.Rule) []Diagnostic {
	since, ok := a.Unfiltered(nr)
	if !ok {
		return nil
	}
	var list []Diagnostic
	for _, r := range rules {
		if r.Action == seccomp.Allow || !slices.Contains(r.Syscalls, name) {
			continue
		}
		list = append(list, Diagnostic{Severity: Warning, Code: "unfiltered-call", Message: unfilteredText(a, name, since, r.Action),
			Place: placeOf(r.Origin), Witness: &seccomp.Call{Audit: a.Audit(), Nr: nr}})
	}
	return list
}

func unfilteredText(a arch.Arch, name string, since arch.Kernel, action seccomp.Action) string {
	return fmt.Sprintf("%v for %s does not count on %v: Linux %v and later ask no filter about it", action, name, a, since)
}
