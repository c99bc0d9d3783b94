// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"slices"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/resolution"
	"github.com/gosieve/sieve/internal/scmp"
	"github.com/gosieve/sieve/internal/solve"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/seccomp"
)

// conditions looks for conditions that always or never hold, on every ABI of the
// target that has one of the rule's calls.
//
// The parts of a rule stand side by side. A finding is about the rule, so the first part
// speaks for all of them.
func (l *linter) conditions() {
	last := -1
	for i := range l.Parts {
		part := &l.Parts[i]
		if part.Doc == last {
			continue // another part of the same rule
		}
		last = part.Doc
		abis := l.having(part)
		if len(abis) == 0 {
			continue
		}
		if !l.single(part, abis) {
			l.together(part, abis)
		}
	}
}

// having are the ABIs that have one of a rule's calls. A condition is judged on these alone:
// on others the rule decides nothing.
func (l *linter) having(part *resolution.Part) []arch.Arch {
	var list []arch.Arch
	for a, abi := range l.arches {
		for j := range part.Names {
			if l.Index.Of(part, j, a) >= 0 {
				list = append(list, abi)
				break
			}
		}
	}
	return list
}

// single looks at each condition of a rule, and says whether one never holds.
//
// "arg >= 0" always holds, since comparisons are unsigned; "arg < 0" never does. A
// condition must be so on every ABI that has the calls: LT 1<<40 always holds on a 32-bit
// ABI, where no argument has as many bits, and says something on a 64-bit one.
func (l *linter) single(part *resolution.Part, abis []arch.Arch) (never bool) {
	doc := &l.p.Syscalls[part.Doc]
	for j := range doc.Args {
		c := scmp.Condition(doc.Args[j].Index, doc.Args[j].Op, doc.Args[j].Value, doc.Args[j].ValueTwo)
		at := l.of(resolution.ArgPath(part.Doc, j))
		switch {
		case c.Op == seccomp.MaskedEQ && c.Mask == 0: // mask-zero
		case l.none(abis, c, true):
			never = true
			l.note(profile.Warning, "never-true", at, "mend the constant, or remove the rule",
				"%s %#x never holds: the rule says nothing%s", c.Op, doc.Args[j].Value, instead(part.Action, l.def))
		case l.none(abis, c, false):
			l.mend(removing(resolution.ArgPath(part.Doc, j)))
			l.note(profile.Warning, "always-true", at, "remove the condition", "%s %#x always holds", c.Op, doc.Args[j].Value)
		}
	}
	return never
}

// instead says what becomes of the calls of a rule that never matches.
//
// It is empty for a rule that allows: there the default is stricter, and nothing gets in.
func instead(action, def seccomp.Action) string {
	if action.Rank() < def.Rank() {
		return ", and the calls that it was to deny are not denied by it"
	}
	return ""
}

// none says whether no value of the argument gives a condition that answer on any
// of the ABIs.
//
// A search that ends at its budget counts as a value found, so nothing is said without a
// proof.
func (l *linter) none(abis []arch.Arch, c seccomp.Arg, holds bool) bool {
	for _, abi := range abis {
		v := solve.Any()[c.Index]
		v.Restrict(c, solve.Most(c, abi), holds)
		if l.some(v.Find) {
			return false
		}
	}
	return true
}

// some says whether a search finds something, or ends at its budget.
func (l *linter) some(find func(left *int) (uint64, bool)) (ok bool) {
	l.work.share(solve.Steps, func(left *int) {
		if _, ok = find(left); *left < 0 {
			ok = true
			l.work.miss(profile.Warning, "conditions that always or never hold")
		}
	})
	return ok
}

// together looks for conditions that exclude one another.
//
// Such a rule comes of resolving with And alone. By default each of several conditions on
// an argument is a part of its own, as in runc.
func (l *linter) together(part *resolution.Part, abis []arch.Arch) {
	if len(part.Args) < 2 || !solve.Repeats(part.Args) {
		return // conditions on different arguments do not
	}
	for _, abi := range abis {
		args := solve.Any()
		args.Restrict(part.Args, abi)
		l.work.spend(len(part.Args))
		if l.some(func(left *int) (uint64, bool) { _, ok := args.Find(left); return 0, ok }) {
			return
		}
	}
	l.note(profile.Warning, "never-true", l.of(resolution.RulePath(part.Doc)), "mend the constants, or remove the rule",
		"the conditions never hold together: the rule says nothing%s", instead(part.Action, l.def))
}

// pairs is how many pairs of rules are looked at by covered.
//
// A document with n rules for one call has n*n/2 pairs, so that this bound is met at
// about 360 rules.
const pairs = 1 << 16

// covered looks for rules that a rule with the same action makes needless, both
// with conditions.
//
// Calls with a rule without conditions are left out: Resolve says of them which rules do
// not count.
func (l *linter) covered() {
	told, left := map[[2]int]bool{}, pairs
	for _, ref := range l.Index.Shared {
		c := &l.Index.Entries[ref]
		if c.Always != 0 {
			continue
		}
		rules := l.Index.Conditional(nil, c)
		for k, i := range rules {
			for _, j := range rules[k+1:] {
				if left--; left < 0 || !l.work.spend(1) {
					l.work.miss(profile.Info, "rules that another with the same action makes needless")
					return
				}
				l.coveredBy(c, i, j, told)
			}
		}
	}
}

// coveredBy says whether one of two rules is needless for a call.
//
// The pair of rules is told once, whatever the number of calls and ABIs that they share.
// Either may be the needless one, as their order does not matter where their actions are
// equal.
func (l *linter) coveredBy(c *resolution.Entry, i, j int, told map[[2]int]bool) {
	a, b := &l.Parts[i], &l.Parts[j]
	abi := l.arches[c.ABI]
	if a.Action != b.Action || a.Doc == b.Doc || told[[2]int{a.Doc, b.Doc}] {
		return
	}
	needless, wider := b, a
	if !l.implies(b.Args, a.Args, abi) {
		if !l.implies(a.Args, b.Args, abi) {
			return
		}
		needless, wider = a, b
	}
	told[[2]int{a.Doc, b.Doc}] = true
	name, _ := abi.Name(c.Nr)
	l.note(profile.Info, "shadowed-rule", l.of(resolution.RulePath(needless.Doc)), "",
		"for %s the rule at %v has the same action and all calls of this one", name, l.of(resolution.RulePath(wider.Doc)))
}

// implies says whether the second list of conditions holds wherever the first does.
//
// For each condition c of the second list it looks for arguments on which the first list
// holds and c does not. Without any, c follows. A search that ends at its budget is an
// answer of no.
func (l *linter) implies(first, second []seccomp.Arg, abi arch.Arch) bool {
	return !slices.ContainsFunc(second, func(c seccomp.Arg) bool {
		args, some := solve.Any(), false
		args.Restrict(first, abi)
		args[c.Index].Restrict(c, solve.Most(c, abi), false)
		l.work.spend(len(first))
		l.work.share(1<<10, func(left *int) {
			_, some = args[c.Index].Find(left)
			some = some || *left < 0
		})
		return some
	})
}
