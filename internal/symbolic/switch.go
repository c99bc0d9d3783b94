// SPDX-License-Identifier: Apache-2.0

package symbolic

import "math/bits"

// A dispatch on the number has hundreds of cases. Joining a comparison for each would take
// the square of their number. Switch makes the diagram top down instead, half of the values
// by half, and skips at once to the block of values in which cases differ.

// Case is what a function is for the values of a word from First up to the
// next case.
type Case struct {
	First uint32
	To    Node
}

// Switch is the function that goes by a word. The first case must begin at 0 and the
// others ascend. It changes cases.
//
// It needs the word's bits side by side and before all that the cases look at. If they
// are not, it joins one comparison for each case.
func (g *Graph) Switch(word uint8, cases []Case) Node {
	n := 1
	for _, c := range cases[1:] {
		if c.To != cases[n-1].To {
			cases[n] = c
			n++
		}
	}
	cases = cases[:n]
	level, later := int(g.level[word][31]), g.contiguous(word)
	for _, c := range cases {
		later = later && g.first(c.To) >= level+32
	}
	if later {
		return g.choose(level, 0, 32, cases)
	}
	to := cases[0].To
	for _, c := range cases[1:] {
		to = g.Ite(g.AtLeast(Input(word, ^uint32(0)), Constant(c.First)), c.To, to)
	}
	return to
}

// choose is Switch for the 1<<left values from base on, which fall into those
// cases. Where only one block of values tells cases apart, it goes there at once.
//
// base is 64 bits wide so that the end of the last block, 1<<32, is a number. Such a
// block is aligned to its size: its values share their highest bits, which one run tests.
func (g *Graph) choose(level int, base uint64, left int, cases []Case) Node {
	if len(cases) == 1 {
		return cases[0].To
	}
	end := base + 1<<left
	first, last := cases[0].To, cases[len(cases)-1].To
	second, final := uint64(cases[1].First), uint64(cases[len(cases)-1].First)
	from, size, outside := base, bits.Len64(final-base-1), last
	if first == last {
		size = bits.Len64(second ^ (final - 1))
		from = second >> size << size
	} else if upper := bits.Len64(end - second - 1); upper < size {
		from, size, outside = end-1<<upper, upper, first
	}
	if size < left {
		inner := g.choose(level+left-size, from, size, within(cases, from, from+1<<size))
		return g.run(level, left-size, uint32(from)<<(32-left), inner, outside)
	}
	middle := base + 1<<(left-1)
	high := g.choose(level+1, middle, left-1, within(cases, middle, end))
	low := g.choose(level+1, base, left-1, within(cases, base, middle))
	return g.run(level, 1, 1<<31, high, low)
}

// within are the cases into which values fall from first up to end.
func within(cases []Case, first, end uint64) []Case {
	low, high := 0, len(cases)
	for low+1 < high { // the last case that begins at first or before
		if middle := (low + high) / 2; uint64(cases[middle].First) <= first {
			low = middle
		} else {
			high = middle
		}
	}
	cases = cases[low:]
	low, high = 0, len(cases)
	for low < high { // the first that begins at end or after
		if middle := (low + high) / 2; uint64(cases[middle].First) < end {
			low = middle + 1
		} else {
			high = middle
		}
	}
	return cases[:low]
}
