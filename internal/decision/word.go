// SPDX-License-Identifier: Apache-2.0

package decision

import "math/bits"

// Word is what a vertex switches on: the bits in Mask of one word of struct
// seccomp_data.
type Word struct {
	// Index is the word's place in struct seccomp_data, 0 to 15.
	Index uint8
	// Mask chooses bits; Whole is all of them.
	Mask uint32
}

// Whole is the mask of a whole word.
const Whole = ^uint32(0)

// Order is the rank of each word, by index. On every path of a diagram ranks do not
// fall, and a whole word comes before masks of it.
type Order [16]uint8

// Natural is the order of the architecture, the number, and then all words as they
// stand.
func Natural() Order {
	return Order{1, 0, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}
}

// SetOrder changes the order for the decisions that are built from now on. A decision of
// another order may stand below them as a whole, but Over must not join the two.
func (g *Graph) SetOrder(o Order) {
	if g.order != o {
		g.order = o
		g.joined.clear(g)
	}
}

// Order is the order of words that is in force.
func (g *Graph) Order() Order { return g.order }

func (o *Order) before(w, v Word) bool {
	if w.Index != v.Index {
		return o[w.Index] < o[v.Index]
	}
	return w.Mask > v.Mask
}

// ceil is the smallest value that the word can have and that is x or more; ok is false
// if there is none.
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

// floor is the largest value that the word can have and that is x or less.
func (w Word) floor(x uint32) uint32 {
	outside := x &^ w.Mask
	if outside == 0 {
		return x
	}
	below := Whole >> bits.LeadingZeros32(outside)
	return (x&^below | below>>1) & w.Mask
}

// canonical makes the one form of spans, in place: it drops spans that hold no value of
// the word, ends each span at the largest value that it has, and joins neighbours with
// the same target.
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
