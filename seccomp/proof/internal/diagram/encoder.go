// SPDX-License-Identifier: Apache-2.0

package diagram

import (
	"fmt"
	"slices"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/symbolic"
	"github.com/gosieve/sieve/internal/wording"
	"github.com/gosieve/sieve/seccomp"
)

// encoder makes the diagram of what a policy answers for one AUDIT_ARCH token.
//
// The numbers are partitioned into intervals that the same rules name. Each interval
// starts with the default. Then each rule, from the last to the first, is put in front
// of what is there: Ite(conditions, action, rest). So the first rule ends up outermost,
// as Evaluate tries it first. The cost is one Ite for each rule and interval.
type encoder struct {
	*symbolic.Graph
	policy    *seccomp.Policy
	token     uint32
	ranges    []ruleRange
	intervals []interval
	slots     [1 << slotBits]uint16 // by the lowest bits of a number: where its cell may be
}

// slotBits is the size of the table that finds an interval by the lowest bits of its first
// number. With 10 bits the numbers of an ABI seldom collide: an ABI has a few hundred calls.
const slotBits = 10

// ruleRange is a range of an ABI's numbers that a rule names.
type ruleRange struct {
	abi      arch.Arch
	rule     int
	from, to uint32
}

// interval is the numbers from first up to the next interval's: the same rules name all
// of them. node is what they answer so far, as a function of the arguments.
type interval struct {
	first uint32
	abi   arch.Arch
	node  symbolic.Node
}

// encode is what the policy answers, as a function of the number and the arguments.
// The conditions of a rule are made once for all of its ranges.
func (c *encoder) encode(badArch symbolic.Node) (symbolic.Node, error) {
	c.prepare(badArch)
	var last ruleRange
	holds, action := symbolic.False, symbolic.False
	// Ranges of a rule stand side by side, so its conditions are made once (last).
	for i, s := range slices.Backward(c.ranges) {
		if r := &c.policy.Rules[s.rule]; i == len(c.ranges)-1 || s.rule != last.rule || s.abi != last.abi {
			last, holds, action = s, Matches(c.Graph, s.abi, r.Args), c.Leaf(uint32(Effective(r.Action)))
		}
		for at := c.find(s.from); at < len(c.intervals) && c.intervals[at].first <= s.to; at++ {
			if x := &c.intervals[at]; x.abi == s.abi {
				x.node = c.Ite(holds, action, x.node)
			}
		}
		if c.Full() {
			return badArch, c.Stopped(fmt.Sprintf("%s for %v", wording.Rule(s.rule, c.policy.Rules[s.rule].Origin.String()), s.abi))
		}
	}
	return c.numbers(), nil
}

// encodeLabels is encode, but an interval whose rules have conditions gets the leaf that
// label returns for those rules. Rules after the first without conditions never decide
// and are left out: its action is otherwise.
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
			x.node = c.Leaf(uint32(Effective(otherwise)))
		}
	}
	return c.numbers()
}

// prepare collects the ranges of all rules and partitions the numbers by them.
func (c *encoder) prepare(badArch symbolic.Node) {
	for _, abi := range c.policy.Arches {
		if abi.Audit() == c.token {
			c.addRanges(abi)
		}
	}
	c.partition(badArch)
}

// addRanges adds the ranges of an ABI, rule by rule: encode needs the ranges of a rule
// side by side, in the order of rules. If two ABIs share a token, one comes after the other.
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

// numbers is the function that goes by the number to what its interval answers.
func (c *encoder) numbers() symbolic.Node {
	cases := make([]symbolic.Case, len(c.intervals))
	for i, x := range c.intervals {
		cases[i] = symbolic.Case{First: x.first, To: x.node}
	}
	return c.Switch(NrWord, cases)
}
