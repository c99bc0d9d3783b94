// SPDX-License-Identifier: Apache-2.0

package seccomp

import "github.com/gosieve/sieve/internal/decision"

// arg is the decision between yes and no by one condition.
func (c *compiler) arg(a Arg, yes, no decision.Node) decision.Node {
	narrow := a.Narrow || c.narrow
	if a.Op == MaskedEQ {
		return c.masked(a, narrow, yes, no)
	}
	if a.Op == NE {
		yes, no = no, yes
	}
	most := ^uint64(0)
	if narrow {
		most = uint64(decision.Whole)
	}
	first, last, ok := a.interval(most)
	if !ok {
		return no
	}
	high, low := c.words(a.Index)
	if narrow {
		return c.In(low, uint32(first), uint32(last), yes, no)
	}
	return c.wide(high, low, first, last, yes, no)
}

// interval is the values from 0 to most for which the condition holds, for NE
// those for which it does not; ok is false if there are none. All conditions but MaskedEQ are
// intervals, since comparisons are unsigned.
func (a Arg) interval(most uint64) (first, last uint64, ok bool) {
	first, last = 0, most
	switch a.Op {
	case EQ, NE:
		first, last = a.Value, a.Value
	case LT:
		if a.Value == 0 {
			return 0, 0, false
		}
		last = a.Value - 1
	case LE:
		last = a.Value
	case GT:
		if a.Value >= most {
			return 0, 0, false
		}
		first = a.Value + 1
	case GE:
		first = a.Value
	}
	return first, min(last, most), first <= most
}

// wide is the decision by the interval first to last of 64 bits. A program loads 32 bits, so
// it looks at the high half first. There are up to five spans: below the first half, the first
// half (the low half decides), halves that are whole, the last half, and above it.
func (c *compiler) wide(high, low decision.Word, first, last uint64, yes, no decision.Node) decision.Node {
	firstHigh, lastHigh := uint32(first>>32), uint32(last>>32)
	if firstHigh == lastHigh {
		return c.In(high, firstHigh, lastHigh, c.In(low, uint32(first), uint32(last), yes, no), no)
	}
	var five [5]decision.Span
	spans := five[:0]
	if firstHigh > 0 {
		spans = append(spans, decision.Span{Last: firstHigh - 1, To: no})
	}
	spans = append(spans, decision.Span{Last: firstHigh, To: c.In(low, uint32(first), decision.Whole, yes, no)})
	if lastHigh > firstHigh+1 {
		spans = append(spans, decision.Span{Last: lastHigh - 1, To: yes})
	}
	spans = append(spans, decision.Span{Last: lastHigh, To: c.In(low, 0, uint32(last), yes, no)})
	if lastHigh < decision.Whole {
		spans = append(spans, decision.Span{Last: decision.Whole, To: no})
	}
	return c.Switch(high, spans)
}

// masked is the decision by MaskedEQ. Each half is asked by itself: bits of one say nothing
// of bits of the other.
func (c *compiler) masked(a Arg, narrow bool, yes, no decision.Node) decision.Node {
	want := a.Value & a.Mask
	high, low := c.words(a.Index)
	n := c.part(low, uint32(a.Mask), uint32(want), yes, no)
	if !narrow {
		return c.part(high, uint32(a.Mask>>32), uint32(want>>32), n, no)
	}
	if want>>32 != 0 {
		return no // those bits of the argument are 0
	}
	return n
}

// part is the decision whether the word's bits in mask are want. Where they are
// its upper bits, that is an interval of the whole word.
func (c *compiler) part(w decision.Word, mask, want uint32, yes, no decision.Node) decision.Node {
	if lower := ^mask; lower&(lower+1) == 0 {
		return c.In(w, want, want|lower, yes, no)
	}
	w.Mask = mask
	return c.In(w, want, want, yes, no)
}

// words are the halves of an argument in the ABI's byte order. Words 0 to 3 of struct
// seccomp_data are nr, arch and the two of the instruction pointer; each argument has two.
func (c *compiler) words(index int) (high, low decision.Word) {
	first := uint8(4 + 2*index)
	high = decision.Word{Index: first + 1, Mask: decision.Whole}
	low = decision.Word{Index: first, Mask: decision.Whole}
	if c.big {
		high, low = low, high
	}
	return high, low
}
