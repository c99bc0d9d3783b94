// SPDX-License-Identifier: Apache-2.0

package decision

import (
	"cmp"
	"math/bits"
	"slices"
)

// flags finds values that one JSET tells from all others: the sums of some bits, as 0,
// 8, 0x20000 and 0x20008 are the sums of 8 and 0x20000. Rules that allow some flags of
// an argument make such values. It returns the bits, the target of their sums, and the
// spans of the values that have other bits too. It returns no bits if the JSET saves
// fewer than three spans, because it costs an instruction itself.
func flags(w Word, spans []Span) (set uint32, to Node, rest []Span) {
	to = spans[0].To
	if w.Mask != Whole || len(spans) < 4 {
		return 0, to, spans
	}
	first := spans[0].Last + 1 // the smallest value that has another target; below it all bits are in the set
	if first&(first-1) != 0 {
		return 0, to, spans
	}
	set = first - 1
	for _, s := range spans[1:] {
		if b := s.Last &^ set; s.To == to && bits.OnesCount32(b) == 1 && sums(spans, to, set, b) {
			set |= b
		}
	}
	without := remove(spans, to, set)
	if len(spans)-len(without) < 3 {
		return 0, to, spans
	}
	return set, to, without
}

// sums says whether every sum of the bits in set, with b added, leads to the target to.
// A set of more than 8 bits has too many sums to look up.
func sums(spans []Span, to Node, set, b uint32) bool {
	if bits.OnesCount32(set) > 8 {
		return false
	}
	for sub := set; ; sub = (sub - 1) & set {
		if find(spans, sub|b) != to {
			return false
		}
		if sub == 0 {
			return true
		}
	}
}

// find is the target of a value.
func find(spans []Span, value uint32) Node {
	at, _ := slices.BinarySearchFunc(spans, value, func(s Span, value uint32) int { return cmp.Compare(s.Last, value) })
	return spans[at].To
}

// remove gives spans that hold nothing but sums of the bits in set to a neighbour. The
// JSET before them has sent those values elsewhere, so their target is free.
func remove(spans []Span, to Node, set uint32) []Span {
	rest := make([]Span, 0, len(spans))
	first := uint32(0)
	for i, s := range spans {
		if s.To == to && within(first, s.Last, set) {
			if i == 0 {
				s.To = spans[1].To
			} else {
				s.To = spans[i-1].To
			}
		}
		first = s.Last + 1
		if n := len(rest); n > 0 && rest[n-1].To == s.To {
			rest[n-1].Last = s.Last
			continue
		}
		rest = append(rest, s)
	}
	return rest
}

// within says whether all values from first to last are sums of the bits in set. A set
// of 8 bits has 256 sums, so a longer interval has other values too.
func within(first, last, set uint32) bool {
	for v := first; v-first < 256; v++ {
		if v&^set != 0 {
			return false
		}
		if v == last {
			return true
		}
	}
	return false
}
