// SPDX-License-Identifier: Apache-2.0

package seccomp

import (
	"cmp"
	"slices"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/decision"
)

// calls are the rules of one ABI by call number. Most rules name single calls,
// and those lie close together: they are found by a table. Ranges, and single
// calls beyond the table, are met in the order of their numbers.
type calls struct {
	abi     arch.Arch
	first   [tableSize]int32 // by number above the ABI's base: 1 + the first entry
	named   []entry
	ranges  []numbered // by where they begin
	unknown bool       // a name that no ABI has was met
	active  []numbered // ranges that hold the number that is being decided, by rule
}

// tableSize holds the numbers of every ABI but ARM's private ones.
const tableSize = 512

// entry is a rule for one call, in a list by rising rule.
type entry struct{ rule, next int32 }

// numbered is a range that a rule speaks of.
type numbered struct {
	rule int32
	Range
}

// collect finds the calls of a domain that rules speak of.
func (c *calls) collect(p *Policy, d domain) {
	names := 0
	for i := range p.Rules {
		names += len(p.Rules[i].Syscalls)
	}
	c.abi, c.first, c.named, c.ranges, c.active = d.abi, [tableSize]int32{}, slices.Grow(c.named[:0], names), c.ranges[:0], c.active[:0]
	for i := len(p.Rules) - 1; i >= 0; i-- { // lists grow at their heads
		r := &p.Rules[i]
		if len(r.Arches) > 0 && !slices.Contains(r.Arches, d.abi) {
			continue
		}
		for _, name := range r.Syscalls {
			if nr, ok := d.abi.Number(name); ok {
				c.add(int32(i), Range{nr, nr}, d)
			} else if !c.unknown {
				c.unknown = !arch.Known(name)
			}
		}
		for _, n := range r.Numbers {
			c.add(int32(i), n, d)
		}
	}
	slices.SortFunc(c.ranges, func(a, b numbered) int { return cmp.Compare(a.From, b.From) })
}

// add notes that a rule speaks of numbers.
func (c *calls) add(rule int32, n Range, d domain) {
	n.From, n.To = max(n.From, d.first), min(n.To, d.last)
	if n.From > n.To {
		return
	}
	if at := n.From - c.abi.Base(); n.From == n.To && at < tableSize {
		if head := c.first[at]; head == 0 || c.named[head-1].rule != rule {
			c.named = append(c.named, entry{rule, head})
			c.first[at] = int32(len(c.named))
		}
		return
	}
	c.ranges = append(c.ranges, numbered{rule, n})
}

// advance turns to the ranges that hold nr, and says up to which number, included,
// they are the same.
func (c *calls) advance(nr, last uint32) uint32 {
	c.active = slices.DeleteFunc(c.active, func(n numbered) bool { return n.To < nr })
	before := len(c.active)
	for len(c.ranges) > 0 && c.ranges[0].From <= nr {
		c.active = append(c.active, c.ranges[0])
		c.ranges = c.ranges[1:]
	}
	if len(c.active) > before {
		slices.SortFunc(c.active, func(a, b numbered) int { return cmp.Compare(a.rule, b.rule) })
	}
	for _, n := range c.active {
		last = min(last, n.To)
	}
	if len(c.ranges) > 0 {
		last = min(last, c.ranges[0].From-1)
	}
	return last
}

// unnamed appends the rules of the ranges to list, in order.
func (c *calls) unnamed(list []int32) []int32 {
	for i, n := range c.active {
		if i == 0 || c.active[i-1].rule != n.rule {
			list = append(list, n.rule)
		}
	}
	return list
}

// at appends all rules for a number to list, in order; entry is where those that
// name it begin.
func (c *calls) at(list []int32, next int32) []int32 {
	list = c.unnamed(list)
	ranged := len(list)
	for ; next > 0; next = c.named[next-1].next {
		list = append(list, c.named[next-1].rule)
	}
	if ranged > 0 {
		slices.Sort(list)
		list = slices.Compact(list)
	}
	return list
}

// decide appends the decisions on the calls of a domain to spans.
func (c *compiler) decide(spans []decision.Span, d domain) []decision.Span {
	c.begin(d.abi)
	c.calls.collect(c.policy, d)
	for from := d.first; ; {
		to := c.calls.advance(from, d.last)
		spans = c.decideTo(spans, from, to)
		if to == d.last {
			return spans
		}
		from = to + 1
	}
}

// decideTo appends the decisions on the numbers from from to to, which are all in
// the same ranges.
func (c *compiler) decideTo(spans []decision.Span, from, to uint32) []decision.Span {
	c.list = c.calls.unnamed(c.list[:0])
	rest := c.rules(c.list)
	for i, entry := range c.calls.first[:c.window(to)] {
		nr := c.abi.Base() + uint32(i)
		if entry == 0 || nr < from {
			continue
		}
		if nr > from {
			spans = append(spans, decision.Span{Last: nr - 1, To: rest})
		}
		c.list = c.calls.at(c.list[:0], entry)
		spans = append(spans, decision.Span{Last: nr, To: c.rules(c.list)})
		if nr == to {
			return spans
		}
		from = nr + 1
	}
	return append(spans, decision.Span{Last: to, To: rest})
}

// window is how many entries of the table are for numbers up to to.
func (c *compiler) window(to uint32) uint32 {
	if base := c.abi.Base(); to >= base {
		return min(to-base, tableSize-1) + 1
	}
	return 0
}
