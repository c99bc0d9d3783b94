// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"slices"
	"strings"

	"github.com/gosieve/sieve/internal/userland"
	"github.com/gosieve/sieve/internal/wording"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/seccomp"
)

// base looks for calls that programs need and the default denies. A rule that denies
// one is taken for what is meant. It is a warning if no kind of programs gets along, and
// a note if some do: which of them the profile is for it does not say.
//
// The edit allows all of the missing calls, those that only one kind needs included. A
// note has no edit: a profile for Go programs need not let glibc start.
func (l *linter) base() {
	if !l.def.Denies() {
		return
	}
	var texts, all []string
	var first seccomp.Call
	for i := range userland.Kinds {
		var missing []string
		for _, group := range l.groups(&userland.Kinds[i]) {
			if call, ok := l.denied(group); ok {
				if len(all) == 0 {
					first = call
				}
				name, _ := l.arches[0].Name(call.Nr)
				missing = append(missing, name)
				all = wording.AppendOnce(all, name)
			}
		}
		if len(missing) > 0 {
			texts = append(texts, userland.Kinds[i].Who+": "+strings.Join(missing, ", "))
		}
	}
	if len(texts) == 0 {
		return
	}
	severity := profile.Info
	if len(texts) == len(userland.Kinds) {
		severity = profile.Warning
		l.mend(answered(l.p, nil, all, "SCMP_ACT_ALLOW", nil)...)
	}
	l.noteCall(&first, severity, "missing-calls", l.of("defaultAction"), "",
		"no rule names calls that programs on %v need, where %v is the answer: %s", l.arches[0], l.def, strings.Join(texts, "; "))
}

// groups are the calls that programs of a kind need under the default action.
//
// More calls are needed under a default that kills than under one that gives an errno, as
// programs go on without some calls that fail.
func (l *linter) groups(k *userland.Kind) [][]string {
	list := k.Errs
	if l.def.Kind() != seccomp.Errno(0) {
		list = k.Kill
	}
	if name := userland.ThreadArea(l.arches[0]); name != "" {
		list = append(slices.Clip(list), []string{name})
	}
	return list
}

// denied says whether the target's own ABI has some of the calls and no rule speaks
// of any, and gives the first.
//
// A group holds calls that stand for each other, so one that a rule speaks of is enough.
// A group of which the ABI has no call is not denied.
func (l *linter) denied(names []string) (first seccomp.Call, denied bool) {
	for _, name := range names {
		call, ok := l.native(name)
		if !ok {
			continue
		}
		if l.decided(call.Nr) {
			return call, false
		}
		if !denied {
			first, denied = call, true
		}
	}
	return first, denied
}

// decided says whether a rule of the document decides a call of the target's own ABI.
func (l *linter) decided(nr uint32) bool {
	ref, ok := l.Index.Lookup(0, nr)
	return ok && (l.Index.Entries[ref].Always != 0 || l.Index.Entries[ref].First != 0)
}
