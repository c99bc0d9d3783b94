// SPDX-License-Identifier: Apache-2.0

package decision

import "math/bits"

// Word is what a vertex switches on: the bits in Mask of one word of struct
// seccomp_data.
type Word struct {
	// Rank orders the words of a diagram: on every path ranks do not fall.
	Rank uint8
	// Index is the word's place in struct seccomp_data, 0 to 15.
	Index uint8
	// Mask chooses bits; Whole is all of them.
	Mask uint32
}

// Whole is the mask of a whole word.
const Whole = ^uint32(0)

// before orders words by rank, whole words before parts of them.
func (w Word) before(v Word) bool { return w.key() < v.key() }

func (w Word) key() uint64 {
	return uint64(w.Rank)<<40 | uint64(w.Index)<<32 | uint64(^w.Mask)
}

// ceil is the smallest value of the word that is x or more.
func (w Word) ceil(x uint32) (value uint32, ok bool) {
	outside := x &^ w.Mask
	if outside == 0 {
		return x, true
	}
	// Bits below the highest one outside the mask are free to be 0 once the
	// next higher bit of the mask is set: fill them and count one further.
	x |= Whole >> bits.LeadingZeros32(outside)
	value = (x | ^w.Mask) + 1
	return value & w.Mask, value != 0
}

// floor is the largest value of the word that is x or less.
func (w Word) floor(x uint32) uint32 {
	outside := x &^ w.Mask
	if outside == 0 {
		return x
	}
	below := Whole >> bits.LeadingZeros32(outside)
	return (x&^below | below>>1) & w.Mask
}

// canonical drops spans that hold no value of the word, ends each at the largest
// that it has, and joins neighbours with the same target, all in place.
func (w Word) canonical(spans []Span) []Span {
	n := 0
	from, more := uint32(0), true
	for _, s := range spans {
		if !more || s.Last < from {
			continue
		}
		last := w.floor(min(s.Last, w.Mask))
		if n > 0 && spans[n-1].To == s.To {
			n--
		}
		spans[n] = Span{last, s.To}
		n++
		if more = last < w.Mask; more {
			from, more = w.ceil(last + 1)
		}
	}
	return spans[:n]
}
