// SPDX-License-Identifier: Apache-2.0

package profile

import (
	"cmp"
	"slices"

	"github.com/gosieve/sieve/internal/errnos"
	"github.com/gosieve/sieve/internal/resolution"
	"github.com/gosieve/sieve/internal/solve"
	"github.com/gosieve/sieve/internal/wording"
	"github.com/gosieve/sieve/seccomp"
)

// innerCalls are the calls of each multiplexer, by n.
//
// socketcall has numbers from 1 to 20 (include/uapi/linux/net.h) and ipc from 1 to 24
// (include/uapi/linux/ipc.h), so 32 are enough.
type innerCalls [len(resolution.Multiplexers)][32]inner

// companion is a rule for a call through a multiplexer.
//
// For socket on x86 with EPERM it is: socketcall where argument 0, masked with
// 0xffffffff, is 1 gets EPERM.
type companion struct {
	mux    int // index in multiplexers
	n      uint32
	action seccomp.Action
	abis   uint32
	doc    int // the rule that decided, -1 for the default
}

// inner is a call that a multiplexer makes on an ABI, and what decides it.
type inner struct {
	name  string
	ref   int32 // its entry, -1 if it has no number of its own
	rules []int // those that name it, if it has none
	idle  []int // those equal to the default
}

// findCompanions decides what each call that the document names gets through
// socketcall and ipc. Their arguments lie in memory, so that conditions cannot be
// checked: the call gets the most restrictive action that any arguments give it.
//
// If it were the other way round, a rule that allows socket for one family would allow
// every family through socketcall, and one that denies a family would deny it nowhere
// there. A rule without conditions for the multiplexer itself decides all of it, and only
// a diagnostic says what that lets through.
func (w *ruleWriter) findCompanions() {
	for a, abi := range w.arches {
		if _, _, ok := abi.Multiplexer(resolution.Multiplexers[0].One); !ok {
			continue // no ABI has only one of them
		}
		calls := w.inner(a)
		for m := range resolution.Multiplexers {
			if by := w.decided(a, m); by >= 0 {
				w.noteBypass(a, m, by, &calls[m])
				continue
			}
			for n := range calls[m] {
				if call := &calls[m][n]; call.name != "" {
					w.companion(a, m, uint32(n), call)
				}
			}
		}
	}
	slices.SortStableFunc(w.through, func(x, y companion) int {
		return cmp.Or(cmp.Compare(x.mux, y.mux), cmp.Compare(x.n, y.n))
	})
}

// decided is the rule without conditions that decides the multiplexer itself, also
// one that is equal to the default; -1 if there is none.
//
// runc drops a rule equal to the default before libseccomp sees it. It is kept here,
// since its author names socketcall to close it.
func (w *ruleWriter) decided(a, m int) int {
	nr, _ := w.arches[a].Number(resolution.Multiplexers[m].Name)
	if ref, ok := w.index.Lookup(a, nr); ok {
		if always := w.index.Entries[ref].Always; always > 0 {
			return int(always - 1)
		}
	}
	for i := range w.rules {
		part := &w.rules[i]
		if part.Default && part.Arches&part.Always&(1<<a) != 0 && slices.Contains(part.Names, resolution.Multiplexers[m].Name) {
			return i
		}
	}
	return -1
}

// inner are the calls that rules name and a multiplexer makes.
func (w *ruleWriter) inner(a int) *innerCalls {
	calls, abi := &innerCalls{}, w.arches[a]
	for i := range w.rules {
		part := &w.rules[i]
		for j, name := range part.Names {
			mux, n, ok := abi.Multiplexer(name)
			if !ok || part.Arches&(1<<a) == 0 {
				continue
			}
			m := 0
			for resolution.Multiplexers[m].Name != mux {
				m++
			}
			call := &calls[m][n]
			call.name, call.ref = name, w.index.Of(part, j, a)
			switch {
			case part.Default:
				call.idle = append(call.idle, i)
			case call.ref < 0:
				call.rules = append(call.rules, i)
			}
		}
	}
	return calls
}

// companion adds the rule for a call, if it does not get the default.
func (w *ruleWriter) companion(a, m int, n uint32, call *inner) {
	action, rule := w.strictest(a, call)
	w.noteConditions(m, n, call, action)
	if action == w.def {
		return
	}
	doc := -1
	if rule >= 0 {
		doc = w.rules[rule].Doc
	}
	for i := range w.through {
		c := &w.through[i]
		if c.mux == m && c.n == n && c.action == action && c.doc == doc {
			c.abis |= 1 << a
			return
		}
	}
	w.through = append(w.through, companion{m, n, action, 1 << a, doc})
}

// deciding are the rules that count for a call. The list is good until the next.
func (w *ruleWriter) deciding(call *inner) []int {
	if call.ref < 0 {
		return call.rules
	}
	entry := &w.index.Entries[call.ref]
	if entry.Always > 0 {
		w.list = append(w.list[:0], int(entry.Always-1))
	} else {
		w.list = w.index.Conditional(w.list[:0], entry)
	}
	return w.list
}

// strictest is the most restrictive action that any arguments give a call, and the
// rule that gives it, -1 if none does.
//
// Rules whose conditions cannot hold together are left out. If some arguments meet no
// rule, what unmatched calls get is among the actions. A search that ends at its budget
// counts as found, which can only make the action stricter.
func (w *ruleWriter) strictest(a int, call *inner) (seccomp.Action, int) {
	rules := w.deciding(call)
	for _, i := range rules {
		if w.rules[i].Always&(1<<a) != 0 {
			return w.rules[i].Action, i
		}
	}
	found, by := false, -1
	var action seccomp.Action
	take := func(other seccomp.Action, rule int) {
		if !found || other.Rank() < action.Rank() {
			found, action, by = true, other, rule
		}
	}
	conditions := make([][]seccomp.Arg, 0, len(rules))
	for _, i := range rules {
		args, budget := solve.Any(), solve.Steps
		args.Restrict(w.rules[i].Args, w.arches[a])
		if _, ok := args.Find(&budget); ok || budget < 0 {
			take(w.rules[i].Action, i)
			conditions = append(conditions, w.rules[i].Args)
		}
	}
	w.unmatched(a, call, conditions, func(other seccomp.Action) { take(other, -1) })
	return action, by
}

// unmatched gives the actions of a call for which no rule matches.
//
// For a number that gets ENOSYS, a rule equal to the default still holds before ENOSYS
// does.
func (w *ruleWriter) unmatched(a int, call *inner, rules [][]seccomp.Arg, take func(seccomp.Action)) {
	budget := solve.Steps
	if !solve.Escape(rules, w.arches[a], solve.Any(), &budget) {
		return
	}
	if call.ref < 0 || !w.missing[a].Contain(w.index.Entries[call.ref].Nr) {
		take(w.def)
		return
	}
	for _, i := range call.idle {
		take(w.def)
		if w.rules[i].Always&(1<<a) != 0 {
			return
		}
	}
	take(errnos.ENOSYS(w.arches[a]))
}

// hasCompanions says whether a name is a multiplexer with companions on an ABI,
// and without a name whether any is.
func (w *ruleWriter) hasCompanions(a int, name string) bool {
	return slices.ContainsFunc(w.through, func(c companion) bool {
		return c.abis&(1<<a) != 0 && (name == "" || resolution.Multiplexers[c.mux].Name == name)
	})
}

// writeCompanions writes the rules for calls through multiplexers.
//
// They come after the document's own rules, so a rule with conditions for socketcall
// decides before them.
func (w *ruleWriter) writeCompanions() {
	for _, c := range w.through {
		m := &resolution.Multiplexers[c.mux]
		w.appendRule(c.doc, seccomp.Multiplexed, m.Name, seccomp.Rule{
			Arches:   w.set(c.abis),
			Syscalls: []string{m.Name},
			Args:     []seccomp.Arg{{Op: seccomp.MaskedEQ, Mask: m.Mask, Value: uint64(c.n)}},
			Action:   c.action,
		})
	}
}

// noteConditions says that a call gets another action through a multiplexer than
// libseccomp, which drops the conditions, would give it.
func (w *ruleWriter) noteConditions(m int, n uint32, call *inner, action seccomp.Action) {
	rules := w.deciding(call)
	key := [2]uint32{uint32(m), n}
	if len(rules) == 0 || w.rules[rules[0]].Action == action || slices.Contains(w.told, key) {
		return
	}
	w.told = append(w.told, key)
	first := &w.rules[rules[0]]
	w.note(Warning, "multiplexer-conditions", w.p.Syscalls[first.Doc].at.rule, resolution.RulePath(first.Doc),
		"give "+resolution.Multiplexers[m].Name+" a rule of its own",
		"through %s the arguments of %s cannot be checked: it gets %v there, where libseccomp drops the conditions and takes %v",
		resolution.Multiplexers[m].Name, call.name, action, first.Action)
}

// noteBypass says what a rule without conditions for a multiplexer lets through
// that rules for the calls themselves would not.
//
// It is a warning if a rule that denies a call without conditions is gone round, and else
// a note.
func (w *ruleWriter) noteBypass(a, m, by int, calls *[32]inner) {
	decides := &w.rules[by]
	var through, kept []string
	severity := Info
	for n := range calls {
		call := &calls[n]
		if call.name == "" {
			continue
		}
		switch action, rule := w.strictest(a, call); {
		case action.Rank() < decides.Action.Rank():
			through = append(through, call.name)
			if rule >= 0 && w.rules[rule].Always&(1<<a) != 0 {
				severity = Warning
			}
		case action != w.def:
			kept = append(kept, call.name)
		}
	}
	at, path, name := w.p.Syscalls[decides.Doc].at.rule, resolution.RulePath(decides.Doc), resolution.Multiplexers[m].Name
	if len(through) > 0 {
		w.note(severity, "multiplexer-bypass", at, path, "", "on %v %s is %v and makes these calls without the checks of their own rules: %s",
			w.arches[a], name, decides.Action, wording.Few(through))
	}
	if decides.Default && len(kept) > 0 {
		w.note(Info, "multiplexer-default", at, path, "", "on %v %s is %v, where runc drops the rule and lets through: %s",
			w.arches[a], name, decides.Action, wording.Few(kept))
	}
}
