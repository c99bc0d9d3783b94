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
	starts  []numbered // ranges that are still to begin, by where they do
	ends    []numbered // ranges that are still to end, by where they do
	active  ruleSet    // the rules of ranges that hold the number that is being decided
	unknown bool       // a name that no ABI has was met
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
	c.abi, c.first, c.named, c.starts = d.abi, [tableSize]int32{}, slices.Grow(c.named[:0], names), nil
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
	if c.ends = nil; len(c.starts) == 0 {
		return
	}
	c.ends = slices.Clone(c.starts)
	slices.SortFunc(c.starts, func(a, b numbered) int { return cmp.Compare(a.From, b.From) })
	slices.SortFunc(c.ends, func(a, b numbered) int { return cmp.Compare(a.To, b.To) })
	c.active.clear(len(p.Rules))
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
	c.starts = append(c.starts, numbered{rule, n})
}

// advance turns to the ranges that hold nr, and says up to which number, included,
// they are the same.
func (c *calls) advance(nr, last uint32) uint32 {
	for ; len(c.ends) > 0 && c.ends[0].To < nr; c.ends = c.ends[1:] {
		c.active.remove(c.ends[0].rule)
	}
	for ; len(c.starts) > 0 && c.starts[0].From <= nr; c.starts = c.starts[1:] {
		c.active.add(c.starts[0].rule)
	}
	if len(c.ends) > 0 {
		last = min(last, c.ends[0].To)
	}
	if len(c.starts) > 0 {
		last = min(last, c.starts[0].From-1)
	}
	return last
}

// unnamed appends the rules of the ranges to list, in order, up to the first that
// has no conditions: those behind it never count.
func (c *calls) unnamed(list []int32, p *Policy) []int32 {
	if len(c.ends) == 0 {
		return list
	}
	for r := c.active.next(0); r >= 0; r = c.active.next(r + 1) {
		if list = append(list, r); len(p.Rules[r].Args) == 0 {
			break
		}
	}
	return list
}

// at appends all rules for a number to list, in order; entry is where those that
// name it begin.
func (c *calls) at(list []int32, next int32, p *Policy) []int32 {
	list = c.unnamed(list, p)
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
		c.Spend(c.calls.active.cost())
		from = to + 1
	}
}

// decideTo appends the decisions on the numbers from from to to, which are all in
// the same ranges.
func (c *compiler) decideTo(spans []decision.Span, from, to uint32) []decision.Span {
	c.list = c.calls.unnamed(c.list[:0], c.policy)
	c.at.numbers = Range{from, to}
	rest := c.decideRules(c.list)
	low, high := c.window(from, to)
	for i := low; i < high; i++ {
		nr, entry := c.abi.Base()+i, c.calls.first[i]
		if entry == 0 {
			continue
		}
		if nr > from {
			spans = append(spans, decision.Span{Last: nr - 1, To: rest})
		}
		c.list = c.calls.at(c.list[:0], entry, c.policy)
		c.at.numbers = Range{nr, nr}
		spans = append(spans, decision.Span{Last: nr, To: c.decideRules(c.list)})
		if nr == to {
			return spans
		}
		from = nr + 1
	}
	return append(spans, decision.Span{Last: to, To: rest})
}

// window is the entries of the table for the numbers from from to to: from low up
// to high, excluded.
func (c *compiler) window(from, to uint32) (low, high uint32) {
	base := c.abi.Base()
	if to < base {
		return 0, 0
	}
	return max(from, base) - base, min(to-base, tableSize-1) + 1
}
