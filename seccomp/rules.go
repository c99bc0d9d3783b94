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
	c.abi, c.narrow, c.big = abi, abi.Bits() == 32, abi.BigEndian()
	if len(c.decisions) > 0 {
		clear(c.decisions)
	}
	c.latest.list = c.latest.list[:0]
}

// decideRules is the decision of those rules, in order, and of the default.
func (c *compiler) decideRules(list []int32) decision.Node {
	rest := c.policy.Default
	conditions := 0
	for i, r := range list {
		rule := &c.policy.Rules[r]
		if len(rule.Args) == 0 {
			list, rest = list[:i], rule.Action
			break
		}
		conditions += len(rule.Args)
	}
	otherwise := c.Leaf(uint32(rest))
	if len(list) == 0 {
		return otherwise
	}
	c.visit(list, conditions)
	if rule := &c.policy.Rules[list[0]]; len(list) == 1 && distinct(rule.Args) {
		return c.all(rule, otherwise)
	}
	if n, ok := c.decideValues(list, otherwise); ok {
		return n
	}
	if slices.Equal(list, c.latest.list) && otherwise == c.latest.otherwise {
		return c.latest.node // rules for many calls
	}
	n := c.several(list, rest, conditions)
	c.latest = latest{append(c.latest.list[:0], list...), otherwise, n}
	return n
}

// latest is the decision of the latest rules that were not simple. Many calls are named by the
// same rules, one after the other, and are then decided once.
type latest struct {
	list            []int32
	otherwise, node decision.Node
}

// several is the decision of rules: one diagram of all or, if that is large, rule after rule.
// The diagram asks each word once on every path, and can be exponentially large in the number
// of conditions. The bounds compare its size with that of the chain, which is linear.
func (c *compiler) several(list []int32, rest Action, conditions int) decision.Node {
	otherwise := c.Leaf(uint32(rest))
	c.SetOrder(c.order(list))
	if len(c.decisions) == 0 {
		c.decisions = make([]decided, len(c.policy.Rules))
	}
	n, ok := c.Try(64*(conditions+1), func() decision.Node {
		return c.Over(c.join(list), otherwise, decision.Undecided)
	})
	if ok && (conditions < 8 || c.Size(n) <= 4*(conditions+4)) {
		return n
	}
	return c.sequence(piece{abi: c.abi, order: c.Order(), links: c.links(list), otherwise: rest})
}

// all is the decision of a rule whose conditions are on different arguments. They
// may be asked in any order: those that other rules have too come last, where
// the decisions are the same and stand in the program once.
func (c *compiler) all(r *Rule, otherwise decision.Node) decision.Node {
	n := c.Leaf(uint32(r.Action))
	args := r.Args
	if len(args) > 1 {
		if c.common == nil {
			c.common = frequency(c.policy)
		}
		c.args = append(c.args[:0], args...)
		slices.SortStableFunc(c.args, func(a, b Arg) int { return cmp.Compare(c.common[b.key()], c.common[a.key()]) })
		args = c.args
	}
	for _, a := range args {
		n = c.arg(a, n, otherwise)
	}
	return n
}

// frequency is how many rules have a condition, by its key.
func frequency(p *Policy) map[uint64]int {
	n := make(map[uint64]int, conditions(p))
	for i := range p.Rules {
		for j := range p.Rules[i].Args {
			n[p.Rules[i].Args[j].key()]++
		}
	}
	return n
}

// key tells conditions apart, near enough to order them by. Two that collide cost a better
// order, nothing else.
func (a *Arg) key() uint64 {
	return (a.Value<<8 ^ a.Mask<<7 ^ uint64(a.Op)<<4 ^ uint64(a.Index)) * 0x9e3779b97f4a7c15
}

// distinct says whether all conditions are on different arguments.
func distinct(args []Arg) bool {
	seen := 0
	for i := range args {
		if seen&(1<<args[i].Index) != 0 {
			return false
		}
		seen |= 1 << args[i].Index
	}
	return true
}

// decided is a rule's decision on the ABI that is being decided.
type decided struct {
	order decision.Order
	node  decision.Node
}

// join is the decision of the rules, and open where none matches. Halves are
// joined to halves: the work is near linear in the number of rules.
func (c *compiler) join(list []int32) decision.Node {
	if len(list) > 1 {
		half := len(list) / 2
		return c.Over(c.join(list[:half]), c.join(list[half:]), decision.Undecided)
	}
	d := &c.decisions[list[0]]
	if order := c.Order(); d.node == decision.Undecided || d.order != order {
		if n := c.rule(&c.policy.Rules[list[0]]); !c.Full() {
			*d = decided{order, n}
		}
	}
	return d.node
}

// rule returns the diagram of one rule; it is Undecided where the rule does not match.
func (c *compiler) rule(r *Rule) decision.Node {
	n := c.Leaf(uint32(r.Action))
	apart := distinct(r.Args)
	for _, a := range c.descending(r.Args) {
		if apart {
			n = c.arg(a, n, decision.Undecided)
			continue
		}
		// Conditions on one argument meet in the same words: there the diagram
		// of one must go into that of the other.
		n = c.Over(c.arg(a, c.yes, decision.Undecided), n, c.yes)
	}
	return n
}

// descending is the conditions in the reverse order of their words.
func (c *compiler) descending(args []Arg) []Arg {
	if len(args) == 1 {
		return args
	}
	c.args = append(c.args[:0], args...)
	order := c.Order()
	slices.SortStableFunc(c.args, func(a, b Arg) int {
		return cmp.Compare(order[4+2*b.Index], order[4+2*a.Index])
	})
	return c.args
}
