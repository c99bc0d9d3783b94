// SPDX-License-Identifier: Apache-2.0

package profile

import (
	"cmp"
	"slices"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/seccomp"
)

// conditions looks for conditions that always or never hold, on every ABI of the
// target that has one of the rule's calls.
func (l *linter) conditions() {
	last := -1
	for i := range l.rules {
		part := &l.rules[i]
		if part.doc == last {
			continue // another part of the same rule
		}
		last = part.doc
		abis := l.having(part)
		if len(abis) == 0 {
			continue
		}
		if !l.single(part, abis) {
			l.together(part, abis)
		}
	}
}

// having are the ABIs that have one of a rule's calls.
func (l *linter) having(part *rule) []arch.Arch {
	var list []arch.Arch
	for a, abi := range l.arches {
		for j := range part.names {
			if l.cells.of(part, j, a) >= 0 {
				list = append(list, abi)
				break
			}
		}
	}
	return list
}

// single looks at each condition of a rule, and says whether one never holds.
func (l *linter) single(part *rule, abis []arch.Arch) (never bool) {
	doc := &l.p.Syscalls[part.doc]
	for j := range doc.Args {
		c := doc.Args[j].condition()
		at, path := cmp.Or(doc.Args[j].at, doc.at.rule), argPath(part.doc, j)
		switch {
		case c.Op == seccomp.MaskedEQ && c.Mask == 0: // mask-zero
		case l.none(abis, c, true):
			never = true
			l.note(Warning, "never-true", at, path, "mend the constant, or remove the rule",
				"%s %#x never holds: the rule says nothing%s", c.Op, doc.Args[j].Value, instead(part.action, l.def))
		case l.none(abis, c, false):
			l.note(Warning, "always-true", at, path, "remove the condition", "%s %#x always holds", c.Op, doc.Args[j].Value)
		}
	}
	return never
}

// instead says what becomes of the calls of a rule that never matches.
func instead(action, def seccomp.Action) string {
	if action.Rank() < def.Rank() {
		return ", and the calls that it was to deny are not denied by it"
	}
	return ""
}

// none says whether no value of the argument gives a condition that answer on any
// of the ABIs.
func (l *linter) none(abis []arch.Arch, c seccomp.Arg, holds bool) bool {
	for _, abi := range abis {
		v, budget := values{high: math64}, steps
		v.condition(c, most(c, abi), holds)
		if _, ok := v.find(&budget); ok || budget < 0 {
			return false
		}
	}
	return true
}

// together looks for conditions that exclude one another.
func (l *linter) together(part *rule, abis []arch.Arch) {
	if len(part.args) < 2 || !repeats(part.args) {
		return // conditions on different arguments do not
	}
	for _, abi := range abis {
		args, budget := anyArguments(), steps
		args.rule(part.args, abi)
		if _, ok := args.find(&budget); ok || budget < 0 {
			return
		}
	}
	l.note(Warning, "never-true", l.p.Syscalls[part.doc].at.rule, rulePath(part.doc), "mend the constants, or remove the rule",
		"the conditions never hold together: the rule says nothing%s", instead(part.action, l.def))
}

// pairs is how many pairs of rules are looked at by covered.
const pairs = 1 << 16

// covered looks for rules that a rule with the same action makes needless, both
// with conditions.
func (l *linter) covered() {
	told, left := map[[2]int]bool{}, pairs
	for _, ref := range l.cells.shared {
		c := &l.cells.list[ref]
		if c.always != 0 {
			continue
		}
		rules := l.cells.conditional(nil, c)
		for k, i := range rules {
			for _, j := range rules[k+1:] {
				if left--; left < 0 {
					return
				}
				l.coveredBy(c, i, j, told)
			}
		}
	}
}

// coveredBy says whether one of two rules is needless for a call.
func (l *linter) coveredBy(c *cell, i, j int, told map[[2]int]bool) {
	a, b := &l.rules[i], &l.rules[j]
	abi := l.arches[c.abi]
	if a.action != b.action || a.doc == b.doc || told[[2]int{a.doc, b.doc}] {
		return
	}
	needless, wider := b, a
	if !implies(b.args, a.args, abi) {
		if !implies(a.args, b.args, abi) {
			return
		}
		needless, wider = a, b
	}
	told[[2]int{a.doc, b.doc}] = true
	name, _ := abi.Name(c.nr)
	l.note(Info, "shadowed-rule", l.p.Syscalls[needless.doc].at.rule, rulePath(needless.doc), "",
		"for %s the rule at %v has the same action and all calls of this one", name, l.ruleAt(wider.doc))
}

// implies says whether the second list of conditions holds wherever the first does.
func implies(first, second []seccomp.Arg, abi arch.Arch) bool {
	return !slices.ContainsFunc(second, func(c seccomp.Arg) bool {
		args, budget := anyArguments(), 1<<10
		args.rule(first, abi)
		args[c.Index].condition(c, most(c, abi), false)
		_, ok := args[c.Index].find(&budget)
		return ok || budget < 0
	})
}
