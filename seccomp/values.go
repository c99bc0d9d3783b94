// SPDX-License-Identifier: Apache-2.0

package seccomp

import (
	"cmp"
	"slices"

	"github.com/gosieve/sieve/internal/decision"
)

// value is a rule that asks whether an argument has it.
type value struct {
	value  uint64
	rule   int32
	answer decision.Node
}

// decideValues is the decision of rules that each compare the same argument with one
// value; ok is false if they are others. Joining them one by one would come to
// the same and take longer.
func (c *compiler) decideValues(list []int32, otherwise decision.Node) (n decision.Node, ok bool) {
	first := &c.policy.Rules[list[0]].Args[0]
	narrow := c.narrow || first.Narrow
	all := c.sorted[:0]
	for _, r := range list {
		rule := &c.policy.Rules[r]
		a := &rule.Args[0]
		if c.sorted = all; len(rule.Args) != 1 || a.Op != EQ || a.Index != first.Index || (c.narrow || a.Narrow) != narrow {
			return n, false
		}
		if !narrow || a.Value <= uint64(decision.Whole) {
			all = append(all, value{a.Value, r, c.Leaf(uint32(rule.Action))})
		}
	}
	slices.SortFunc(all, func(a, b value) int {
		return cmp.Or(cmp.Compare(a.value, b.value), cmp.Compare(a.rule, b.rule))
	})
	high, low := c.words(first.Index)
	if narrow {
		return c.among(low, all, otherwise), true
	}
	return c.halved(high, low, all, otherwise), true
}

// halved is the decision among sorted values, of which the first of equal ones counts:
// it looks at the high half first. It writes to all.
func (c *compiler) halved(high, low decision.Word, all []value, otherwise decision.Node) decision.Node {
	halves := all[:0] // one for each high half; they never outrun what is read
	for len(all) > 0 {
		half, end := all[0].value>>32, 1
		for end < len(all) && all[end].value>>32 == half {
			end++
		}
		n := c.among(low, all[:end], otherwise)
		halves = append(halves, value{value: half, answer: n})
		all = all[end:]
	}
	return c.among(high, halves, otherwise)
}

// among is the decision among the low halves of sorted values, of which the first
// of equal ones counts.
func (c *compiler) among(w decision.Word, all []value, otherwise decision.Node) decision.Node {
	spans := make([]decision.Span, 0, 2*len(all)+1)
	next := uint64(0)
	for i, v := range all {
		half := uint64(uint32(v.value))
		if i > 0 && all[i-1].value == v.value {
			continue
		}
		if half > next {
			spans = append(spans, decision.Span{Last: uint32(half - 1), To: otherwise})
		}
		spans = append(spans, decision.Span{Last: uint32(half), To: v.answer})
		next = half + 1
	}
	if next <= uint64(decision.Whole) {
		spans = append(spans, decision.Span{Last: decision.Whole, To: otherwise})
	}
	return c.Switch(w, spans)
}
