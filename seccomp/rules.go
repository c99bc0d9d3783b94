// SPDX-License-Identifier: Apache-2.0

package seccomp

import (
	"cmp"
	"slices"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/decision"
)

// begin turns to an ABI: the same rule may mean another decision there.
func (c *compiler) begin(abi arch.Arch) {
	c.abi = abi
	c.decisions = make([]decision.Node, len(c.policy.Rules))
}

// rules is the decision of those rules, in order, and of the default.
func (c *compiler) rules(list []int) decision.Node {
	rest := c.Leaf(uint32(c.policy.Default))
	for i, r := range list {
		if rule := &c.policy.Rules[r]; len(rule.Args) == 0 {
			list, rest = list[:i], c.Leaf(uint32(rule.Action))
			break
		}
	}
	if len(list) == 0 {
		return rest
	}
	conditions := 0
	for _, r := range list {
		conditions += len(c.policy.Rules[r].Args)
	}
	n, ok := c.Try(64*(conditions+1), func() decision.Node {
		return c.Over(c.join(list), rest, c.open)
	})
	if ok && c.Size(n) <= 4*(conditions+4) {
		return n
	}
	clear(c.decisions) // some may be unfinished
	return c.chain(list, rest)
}

// join is the decision of the rules, and open where none matches. Halves are
// joined to halves: the work is near linear in the number of rules.
func (c *compiler) join(list []int) decision.Node {
	if len(list) == 1 {
		r := list[0]
		if c.decisions[r] == c.open {
			c.decisions[r] = c.rule(&c.policy.Rules[r])
		}
		return c.decisions[r]
	}
	half := len(list) / 2
	return c.Over(c.join(list[:half]), c.join(list[half:]), c.open)
}

// rule is the decision of one rule, and open where it does not match.
func (c *compiler) rule(r *Rule) decision.Node {
	n := c.Leaf(uint32(r.Action))
	for _, a := range descending(r.Args) {
		// Conditions on one argument meet in the same words: there the diagram
		// of one must go into that of the other.
		n = c.Over(c.arg(a, c.yes, c.open), n, c.yes)
	}
	return n
}

// chain asks rule after rule, as they stand. Where rules with several conditions
// have little in common, this is much smaller than the diagram of all.
func (c *compiler) chain(list []int, rest decision.Node) decision.Node {
	for _, r := range slices.Backward(list) {
		rule := &c.policy.Rules[r]
		n := c.Leaf(uint32(rule.Action))
		for _, a := range descending(rule.Args) {
			n = c.arg(a, n, rest)
		}
		rest = n
	}
	return rest
}

// descending is the conditions in the reverse order of their words.
func descending(args []Arg) []Arg {
	return slices.SortedStableFunc(slices.Values(args), func(a, b Arg) int {
		return cmp.Compare(b.Index, a.Index)
	})
}
