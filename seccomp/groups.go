// SPDX-License-Identifier: Apache-2.0

package seccomp

import (
	"cmp"
	"slices"

	"github.com/gosieve/sieve/internal/decision"
)

// Rules with the same action may be asked in any order. A profile may list hundreds of
// values or ranges of one argument for a call, among rules of other forms. Those that look
// at the same bits of the same argument become one search here, in place of a test each:
// logarithmic instead of linear in the number of rules on every path.

// group is conditions, one a rule, that one search decides: intervals of an argument's
// values, or values of some of its bits.
type group struct {
	groupKey
	intervals []interval
	values    []value
}

type groupKey struct {
	index  int
	narrow bool
	mask   uint64 // of MaskedEQ that is no interval, else 0
}

// interval is the values from first to last.
type interval struct{ first, last uint64 }

// groups is the decision of rules in order. Neighbours with the same answer may be
// asked in any order: those with one condition are put together by what they look at,
// and each group is one search. It is false if there are no groups.
func (c *compiler) groups(links []link, rest decision.Node) (n decision.Node, ok bool) {
	for end := len(links); end > 0; {
		start := end - 1
		for start > 0 && links[start-1].action == links[end-1].action {
			start--
		}
		grouped := false
		rest, grouped = c.alike(links[start:end], rest)
		ok = ok || grouped
		end = start
	}
	return rest, ok
}

// alike is the decision of rules with the same answer. Rules with more than one condition
// come last, as a chain. It is grouped if two rules at least have come together in a group.
func (c *compiler) alike(links []link, rest decision.Node) (n decision.Node, grouped bool) {
	var groups []*group
	var others []link
	index := map[groupKey]*group{}
	for _, l := range links {
		args := c.policy.Rules[l.rule].Args
		if len(args) != 1 {
			others = append(others, l)
			continue
		}
		key := c.groupOf(&args[0])
		g := index[key]
		if g == nil {
			g = &group{groupKey: key}
			index[key] = g
			groups = append(groups, g)
		}
		g.add(&args[0])
	}
	rest = c.chain(others, rest)
	if len(groups) > 0 {
		yes := c.Leaf(uint32(links[0].action))
		for _, g := range slices.Backward(groups) {
			rest = c.group(g, yes, rest)
		}
	}
	return rest, len(groups) < len(links)-len(others)
}

// groupOf is what a condition looks at: conditions with the same key are decided by one search.
func (c *compiler) groupOf(a *Arg) groupKey {
	key := groupKey{index: a.Index, narrow: a.Narrow || c.narrow}
	if a.Op == MaskedEQ && !key.prefix(a) {
		key.mask = a.Mask
	}
	return key
}

// prefix says whether the mask has the upper bits alone, so that the condition holds
// for an interval.
func (k groupKey) prefix(a *Arg) bool {
	lower := ^a.Mask & k.most()
	return lower&(lower+1) == 0
}

// most is the largest value of the argument.
func (k groupKey) most() uint64 {
	if k.narrow {
		return uint64(decision.Whole)
	}
	return ^uint64(0)
}

// add adds a condition. NE is up to two intervals, around its value.
func (g *group) add(a *Arg) {
	most := g.most()
	want := a.Value & a.Mask
	switch {
	case a.Op == MaskedEQ && want > most:
		// Those bits of the argument are 0: it never holds.
	case a.Op == MaskedEQ && g.mask == 0:
		g.intervals = append(g.intervals, interval{want, want | ^a.Mask&most})
	case a.Op == MaskedEQ:
		g.values = append(g.values, value{value: want})
	default:
		first, last, ok := a.interval(most)
		switch {
		case a.Op != NE && ok:
			g.intervals = append(g.intervals, interval{first, last})
		case a.Op == NE && !ok:
			g.intervals = append(g.intervals, interval{0, most})
		case a.Op == NE:
			if first > 0 {
				g.intervals = append(g.intervals, interval{0, first - 1})
			}
			if last < most {
				g.intervals = append(g.intervals, interval{last + 1, most})
			}
		}
	}
}

// group is the decision between yes, where one of the conditions holds, and no.
func (c *compiler) group(g *group, yes, no decision.Node) decision.Node {
	c.Spend(16 * (len(g.intervals) + len(g.values)))
	high, low := c.words(g.index)
	if g.mask == 0 {
		return c.union(g, high, low, yes, no)
	}
	high.Mask, low.Mask = uint32(g.mask>>32), uint32(g.mask)
	slices.SortFunc(g.values, func(a, b value) int { return cmp.Compare(a.value, b.value) })
	for i := range g.values {
		g.values[i].answer = yes
	}
	if g.narrow {
		return c.among(low, g.values, no)
	}
	return c.halved(high, low, g.values, no)
}

// union is the decision whether one of the intervals holds the argument. It merges what
// overlaps or touches first. Then it goes through the high halves in order: a half that lies in
// an interval as a whole needs no look at the low half, and all intervals that share a half are
// one decision by the low half.
func (c *compiler) union(g *group, high, low decision.Word, yes, no decision.Node) decision.Node {
	slices.SortFunc(g.intervals, func(a, b interval) int {
		return cmp.Or(cmp.Compare(a.first, b.first), cmp.Compare(a.last, b.last))
	})
	merged := g.intervals[:0]
	for _, x := range g.intervals {
		if n := len(merged); n > 0 && (merged[n-1].last == ^uint64(0) || x.first <= merged[n-1].last+1) {
			merged[n-1].last = max(merged[n-1].last, x.last)
			continue
		}
		merged = append(merged, x)
	}
	if g.narrow {
		return c.within(low, merged, yes, no)
	}
	var spans []decision.Span
	next := uint64(0) // high half
	add := func(first, last uint64, to decision.Node) {
		if first > next {
			spans = append(spans, decision.Span{Last: uint32(first - 1), To: no})
		}
		spans = append(spans, decision.Span{Last: uint32(last), To: to})
		next = last + 1
	}
	for len(merged) > 0 {
		x := &merged[0]
		half, last := x.first>>32, x.last>>32
		if uint32(x.first) == 0 && (last > half || uint32(x.last) == decision.Whole) {
			if uint32(x.last) != decision.Whole {
				last-- // the last half is not whole
			}
			add(half, last, yes)
			if x.first = (last + 1) << 32; x.first == 0 || x.first > x.last {
				merged = merged[1:]
			}
			continue
		}
		var part []interval // of the low half
		for len(merged) > 0 && merged[0].first>>32 == half {
			x := &merged[0]
			end := min(x.last, half<<32|uint64(decision.Whole))
			part = append(part, interval{uint64(uint32(x.first)), uint64(uint32(end))})
			if end < x.last {
				x.first = end + 1
				break
			}
			merged = merged[1:]
		}
		add(half, half, c.within(low, part, yes, no))
	}
	if next <= uint64(decision.Whole) {
		spans = append(spans, decision.Span{Last: decision.Whole, To: no})
	}
	if len(spans) == 0 {
		return no
	}
	return c.Switch(high, spans)
}

// within is the decision whether one of the intervals holds a word. They are in order and
// do not touch.
func (c *compiler) within(w decision.Word, list []interval, yes, no decision.Node) decision.Node {
	spans := make([]decision.Span, 0, 2*len(list)+1)
	next := uint64(0)
	for _, x := range list {
		if x.first > next {
			spans = append(spans, decision.Span{Last: uint32(x.first - 1), To: no})
		}
		spans = append(spans, decision.Span{Last: uint32(x.last), To: yes})
		next = x.last + 1
	}
	if next <= uint64(decision.Whole) {
		spans = append(spans, decision.Span{Last: decision.Whole, To: no})
	}
	return c.Switch(w, spans)
}
