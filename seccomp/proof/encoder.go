// SPDX-License-Identifier: Apache-2.0

package proof

import (
	"fmt"
	"slices"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/symbolic"
	"github.com/gosieve/sieve/seccomp"
)

// canvas is the calls of one AUDIT_ARCH token.
type encoder struct {
	*symbolic.Graph
	policy    *seccomp.Policy
	token     uint32
	ranges    []ruleRange
	intervals []interval
	slots     [1 << slotBits]uint16 // by the lowest bits of a number: where its cell may be
}

// placeBits are enough that the calls of an ABI seldom meet.
const slotBits = 10

// stroke is a range of an ABI's numbers that a rule names.
type ruleRange struct {
	abi      arch.Arch
	rule     int
	from, to uint32
}

// cell is the numbers from first up to the next cell, which the same rules name.
type interval struct {
	first uint32
	abi   arch.Arch
	node  symbolic.Node
}

// paint is what the policy answers, as a function of the number and the
// arguments.
func (c *encoder) encode(badArch symbolic.Node) (symbolic.Node, error) {
	c.prepare(badArch)
	var last ruleRange
	matches, action := symbolic.False, symbolic.False
	for i, s := range slices.Backward(c.ranges) {
		if r := &c.policy.Rules[s.rule]; i == len(c.ranges)-1 || s.rule != last.rule || s.abi != last.abi {
			last, matches, action = s, c.matches(s.abi, r), c.Leaf(uint32(effective(r.Action)))
		}
		for at := c.find(s.from); at < len(c.intervals) && c.intervals[at].first <= s.to; at++ {
			if x := &c.intervals[at]; x.abi == s.abi {
				x.node = c.Ite(matches, action, x.node)
			}
		}
		if c.Full() {
			return badArch, c.Stopped(fmt.Sprintf("%s for %v", c.policy.RuleName(s.rule), s.abi))
		}
	}
	return c.numbers(), nil
}

// label is paint, but a number whose rules have conditions gets the label of those rules.
func (c *encoder) encodeLabels(badArch symbolic.Node, label func(abi arch.Arch, rules []int, otherwise seccomp.Action) uint32) symbolic.Node {
	c.prepare(badArch)
	lists := make([][]int, len(c.intervals))
	for _, s := range c.ranges {
		for at := c.find(s.from); at < len(c.intervals) && c.intervals[at].first <= s.to; at++ {
			if l := lists[at]; c.intervals[at].abi == s.abi && (len(l) == 0 || l[len(l)-1] != s.rule) {
				lists[at] = append(l, s.rule)
			}
		}
	}
	for i, rules := range lists {
		x := &c.intervals[i]
		otherwise := c.policy.Default
		for k, r := range rules {
			if rule := &c.policy.Rules[r]; len(rule.Args) == 0 {
				rules, otherwise = rules[:k], rule.Action
				break
			}
		}
		switch {
		case len(rules) > 0:
			x.node = c.Leaf(label(x.abi, rules, otherwise))
		case len(lists[i]) > 0:
			x.node = c.Leaf(uint32(effective(otherwise)))
		}
	}
	return c.numbers()
}

// outline makes the strokes and the cells.
func (c *encoder) prepare(badArch symbolic.Node) {
	for _, abi := range c.policy.Arches {
		if abi.Audit() == c.token {
			c.addRanges(abi)
		}
	}
	c.partition(badArch)
}

// sketch adds the strokes of an ABI. Those of a rule must stand together, in the
// order of the rules: where two ABIs share a token, one after the other will do.
func (c *encoder) addRanges(abi arch.Arch) {
	for i := range c.policy.Rules {
		r := &c.policy.Rules[i]
		if len(r.Arches) > 0 && !slices.Contains(r.Arches, abi) {
			continue
		}
		for _, name := range r.Syscalls {
			if nr, ok := abi.Number(name); ok {
				c.ranges = append(c.ranges, ruleRange{abi, i, nr, nr})
			}
		}
		for _, n := range r.Numbers {
			c.ranges = append(c.ranges, ruleRange{abi, i, n.From, n.To})
		}
	}
}

// numbers is the function that goes by the number.
func (c *encoder) numbers() symbolic.Node {
	cases := make([]symbolic.Case, len(c.intervals))
	for i, x := range c.intervals {
		cases[i] = symbolic.Case{First: x.first, To: x.node}
	}
	return c.Switch(nrWord, cases)
}
