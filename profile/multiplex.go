// SPDX-License-Identifier: Apache-2.0

package profile

import (
	"math/bits"
	"slices"

	"github.com/gosieve/sieve/seccomp"
)

// multiplexers are the calls that make others, by their first argument, and how
// much of that the kernel reads.
var multiplexers = [...]struct {
	name, one string // one is a call that it makes
	mask      uint64
}{
	{"socketcall", "socket", 0xffffffff},
	{"ipc", "semop", 0xffff},
}

// companion is a rule for a call through a multiplexer.
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
	ref   int32 // its cell, -1 if it has no number of its own
	rules []int // those that name it, if it has none
	idle  []int // those equal to the default
}

// findCompanions decides what each call that the document names gets through
// socketcall and ipc. Their arguments lie in memory, so that conditions cannot be
// checked: the call gets the most restrictive action that any arguments give it.
func (w *writer) findCompanions() {
	for a, abi := range w.arches {
		for m := range multiplexers {
			name, _, ok := abi.Multiplexer(multiplexers[m].one)
			if !ok {
				continue
			}
			nr, _ := abi.Number(name)
			if rule := w.decided(a, m, nr); rule >= 0 {
				w.bypass(a, m, rule)
				continue
			}
			for n, call := range w.inner(a, m) {
				if call.name != "" {
					w.companion(a, m, uint32(n), &call)
				}
			}
		}
	}
	slices.SortStableFunc(w.through, func(x, y companion) int {
		if x.mux != y.mux {
			return x.mux - y.mux
		}
		return int(x.n) - int(y.n)
	})
}

// decided is the rule without conditions that decides the multiplexer itself, also
// one that is equal to the default; -1 if there is none.
func (w *writer) decided(a, m int, nr uint32) int {
	if ref, ok := w.cells.lookup(a, nr); ok {
		if always := w.cells.list[ref].always; always > 0 {
			return int(always - 1)
		}
	}
	for i := range w.rules {
		part := &w.rules[i]
		if part.idle && part.always&(1<<a) != 0 && slices.Contains(part.names, multiplexers[m].name) {
			return i
		}
	}
	return -1
}

// inner are the calls that rules name and the multiplexer makes, by n.
func (w *writer) inner(a, m int) (calls [32]inner) {
	abi := w.arches[a]
	for i := range w.rules {
		part := &w.rules[i]
		for j, name := range part.names {
			mux, n, ok := abi.Multiplexer(name)
			if !ok || mux != multiplexers[m].name || int(n) >= len(calls) {
				continue
			}
			call := &calls[n]
			call.name, call.ref = name, w.cells.of(part, j, a)
			switch {
			case part.idle:
				call.idle = append(call.idle, i)
			case call.ref < 0:
				call.rules = append(call.rules, i)
			}
		}
	}
	return calls
}

// companion adds the rule for a call, if it does not get the default.
func (w *writer) companion(a, m int, n uint32, call *inner) {
	action, rule := w.strictest(a, call)
	if action == w.def {
		return
	}
	doc := -1
	if rule >= 0 {
		doc = w.rules[rule].doc
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

// strictest is the most restrictive action that any arguments give a call, and the
// rule that gives it, -1 if none does.
func (w *writer) strictest(a int, call *inner) (seccomp.Action, int) {
	rules := call.rules
	if call.ref >= 0 {
		cell := &w.cells.list[call.ref]
		if rules = w.cells.conditional(cell); cell.always > 0 {
			rules = []int{int(cell.always - 1)}
		}
	}
	for _, i := range rules {
		if w.rules[i].always&(1<<a) != 0 {
			return w.rules[i].action, i
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
		args, budget := anyArguments(), comparisons
		args.rule(w.rules[i].args, w.arches[a])
		if _, ok := args.find(&budget); ok || budget < 0 {
			take(w.rules[i].action, i)
			conditions = append(conditions, w.rules[i].args)
		}
	}
	w.unmatched(a, call, conditions, func(other seccomp.Action) { take(other, -1) })
	w.aboutConditions(a, call, action, rules)
	return action, by
}

// unmatched gives the actions of a call for which no rule matches.
func (w *writer) unmatched(a int, call *inner, rules [][]seccomp.Arg, take func(seccomp.Action)) {
	const steps = 10000
	budget := steps
	if !escape(rules, w.arches[a], anyArguments(), &budget) {
		return
	}
	if call.ref < 0 || !w.missing[a].contain(w.cells.list[call.ref].nr) {
		take(w.def)
		return
	}
	for _, i := range call.idle {
		take(w.def)
		if w.rules[i].always&(1<<a) != 0 {
			return
		}
	}
	take(enosysOf(w.arches[a]))
}

// hasCompanions says whether a name is a multiplexer with companions on an ABI.
func (w *writer) hasCompanions(a int, name string) bool {
	return slices.ContainsFunc(w.through, func(c companion) bool {
		return multiplexers[c.mux].name == name && c.abis&(1<<a) != 0
	})
}

// companions writes the rules for calls through multiplexers.
func (w *writer) companions() {
	for _, c := range w.through {
		m := &multiplexers[c.mux]
		w.write(c.doc, " through "+m.name, seccomp.Rule{
			Arches:   w.set(c.abis),
			Syscalls: []string{m.name},
			Args:     []seccomp.Arg{{Op: seccomp.MaskedEQ, Mask: m.mask, Value: uint64(c.n)}},
			Action:   c.action,
		})
	}
}

// bypass says what an unconditional rule for a multiplexer lets through.
func (w *writer) bypass(a, m, rule int) {}

// aboutConditions says that a call gets less through a multiplexer than libseccomp
// would give it.
func (w *writer) aboutConditions(a int, call *inner, action seccomp.Action, rules []int) {}

var _ = bits.Len
