// SPDX-License-Identifier: Apache-2.0

package profile

import (
	"slices"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/resolution"
	"github.com/gosieve/sieve/internal/scmp"
	"github.com/gosieve/sieve/internal/wording"
	"github.com/gosieve/sieve/seccomp"
)

// noteRule says what is to be known of a rule that applies to the target.
//
// A filter that asks a supervisor about write would stop runc itself: with that call it
// tells its parent of the listener, after the filter is on. runc refuses such a profile.
func (r *resolver) noteRule(i int, a seccomp.Action) {
	doc := &r.p.Syscalls[i]
	at := doc.at.rule
	switch a {
	case seccomp.Errno(0):
		r.note(Warning, "errno-zero", doc.at.errnoRet, resolution.RulePath(i), "", "the calls pretend success")
	case seccomp.Errno(seccomp.MaxErrno):
		r.note(Info, "errno-4095", doc.at.errnoRet, resolution.RulePath(i), "", "libseccomp refuses errno 4095")
	case seccomp.Notify:
		if j := slices.Index(doc.Names, "write"); j >= 0 {
			r.note(Failure, "notify-write", r.p.nameAt(doc, j), resolution.NamePath(i, j), "",
				"SCMP_ACT_NOTIFY cannot be used for write: the launcher could not hand the listener over")
		}
		if r.p.ListenerPath == "" {
			r.note(Info, "no-listener", at, resolution.RulePath(i), "", "SCMP_ACT_NOTIFY without a listenerPath: the launcher must listen itself")
		}
	}
	if doc.ErrnoRet != nil {
		if _, most, _ := scmp.Action(doc.Action); most == 0 {
			path := resolution.RulePath(i) + ".errnoRet"
			r.mend(removing(path))
			r.note(Warning, "unused-errno", doc.at.errnoRet, path, "",
				"%s carries no number", doc.Action)
		}
	}
	if a == r.def {
		if !r.holdsMultiplexer(doc.Names) { // else it counts: it keeps calls from being made through socketcall or ipc
			r.mend(removing(resolution.RulePath(i)))
		}
		r.note(Info, "equals-default", at, resolution.RulePath(i), "", "the rule's action is the default's")
	}
	r.noteArgs(i)
}

// holdsMultiplexer says whether one of the calls makes others on an ABI of the target.
//
// A rule for socketcall that is equal to the default is not idle: it decides for all
// calls that would else get a rule of their own there.
func (r *resolver) holdsMultiplexer(names []string) bool {
	return slices.ContainsFunc(resolution.Multiplexers[:], func(m resolution.Multiplexer) bool {
		return slices.Contains(names, m.Name) && slices.ContainsFunc(r.arches, func(a arch.Arch) bool {
			_, ok := a.Number(m.Name)
			return ok
		})
	})
}

// noteShadowed says for which calls a rule does not count.
//
// A rule without conditions decides a call wherever it stands, before or after this one,
// as in libseccomp. It is a warning where the two actions differ.
func (w *ruleWriter) noteShadowed(i int) {
	part := &w.rules[i]
	var other, same []string
	var by int
	for j := range part.Calls() {
		for _, ref := range w.index.Row(part, j) {
			if ref < 0 || w.index.Entries[ref].Keeps(i) {
				continue
			}
			winner := &w.rules[w.index.Entries[ref].Always-1]
			if winner.Doc == part.Doc {
				continue
			}
			name := part.Call(j)
			if winner.Action == part.Action {
				same = wording.AppendNew(same, name)
			} else if other = wording.AppendNew(other, name); len(other) == 1 {
				by = winner.Doc
			}
		}
	}
	at := w.p.Syscalls[part.Doc].at.rule
	if len(other) > 0 {
		w.note(Warning, "shadowed-rule", at, resolution.RulePath(part.Doc), "",
			"for %s the rule without conditions at %v decides", wording.Few(other), w.ruleAt(by))
	} else if len(same) > 0 {
		w.note(Info, "shadowed-rule", at, resolution.RulePath(part.Doc), "",
			"for %s another rule without conditions has the same action", wording.Few(same))
	}
}
