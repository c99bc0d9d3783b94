// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"slices"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/resolution"
	"github.com/gosieve/sieve/internal/userland"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/seccomp"
)

// otherName: a rule that allows a call by a name that an ABI lacks, while the call
// that it has is denied. (Where a rule denies, siblings says so.)
func (l *linter) otherName(abi arch.Arch) {
	if l.def.Runs() {
		return
	}
	outcomes := map[string]userland.Outcomes{}
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
			l.aboutOtherName(&part, name, abi, userland.Renamed[i], outcomes)
		}
	}
}

// aboutOtherName reports the first of the names that the ABI has, if its call is denied. The
// mending adds a rule for that name where the document has none, but only if its rule has no
// conditions: the arguments of the other call may stand in another order. Outcomes are those of
// other names on the ABI that are known.
func (l *linter) aboutOtherName(part *resolution.Part, name string, abi arch.Arch, names []string, outcomes map[string]userland.Outcomes) {
	for _, other := range names {
		o, known := outcomes[other]
		if !known {
			o = userland.OutcomesOf(l.Policy, abi, other)
			outcomes[other] = o
		}
		if o == nil {
			continue
		}
		switch {
		case !o.Denied():
		case l.full(profile.Info):
			l.dropped++
		default:
			doc := &l.p.Syscalls[part.Doc]
			j := slices.Index(doc.Names, name)
			nr, _ := abi.Number(other)
			if len(part.Args) == 0 && !slices.ContainsFunc(l.p.Syscalls, func(r profile.Rule) bool { return slices.Contains(r.Names, other) }) {
				l.mend(answered(l.p, nil, []string{other}, doc.Action, nil)...)
			}
			l.noteCall(&seccomp.Call{Audit: abi.Audit(), Nr: nr}, profile.Info, "other-name", l.of(resolution.NamePath(part.Doc, j)), "",
				"%v has no %s but %s, which gets %v", abi, name, other, o.Last())
		}
		return
	}
}
