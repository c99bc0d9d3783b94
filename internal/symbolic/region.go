// SPDX-License-Identifier: Apache-2.0

package symbolic

import (
	"iter"
	"slices"
)

// Set is the values of a word whose bits in Mask are a number From to To.
type Set struct{ Mask, From, To uint32 }

// Condition holds if the word's value is in any of the sets, which are disjoint.
type Condition struct {
	Word int
	Any  []Set
}

// Region is the inputs for which all conditions hold. Each word is in one of them
// at most if its bits alternate with no other's.
type Region struct {
	Where []Condition
	A, B  Node // different leaves
}

// Witness is an input of the region.
func (r *Region) Witness() Data {
	var d Data
	for _, c := range r.Where {
		d[c.Word] |= c.Any[0].From
	}
	return d
}

// Rests says whether what is open decides the difference for some input.
func (g *Graph) Rests(d Difference) bool { return g.rests(d, map[Difference]bool{}) }

// Regions yields disjoint regions that are together where the values differ.
// Nothing open may decide (Rests).
func (g *Graph) Regions(d Difference) iter.Seq[Region] {
	return func(yield func(Region) bool) {
		w := walker{Graph: g, yield: yield}
		w.walk(d)
	}
}

// walker goes from word to word.
type walker struct {
	*Graph
	where []Condition
	yield func(Region) bool
}

// walk says whether to go on.
func (w *walker) walk(d Difference) bool {
	if d.None() {
		return true
	}
	level := min(w.first(d.A), w.first(d.B))
	if level >= inputLevels {
		return w.yield(Region{slices.Clone(w.where), d.A, d.B})
	}
	group, end := w.group(level)
	if len(group) == 1 {
		if parts := w.parts(d, end); parts != nil {
			return w.each(int(group[0]), parts)
		}
	}
	return w.cubes(d, end, map[int]Set{})
}

// group finds the words whose bits stand at a level, and where they end.
func (o *Order) group(level int) (words []uint8, end int) {
	for _, words = range o.groups {
		if end += 32 * len(words); level < end {
			break
		}
	}
	return words, end
}

// each goes on behind a word.
func (w *walker) each(word int, parts []part) bool {
	for _, p := range parts {
		w.where = append(w.where, Condition{word, p.sets})
		more := w.walk(p.to)
		w.where = w.where[:len(w.where)-1]
		if !more {
			return false
		}
	}
	return true
}

// part is the values of a word that lead to one difference.
type part struct {
	to   Difference
	sets []Set
}

// fewIntervals is how many intervals a word's values may be cut into. Where masks
// decide, they can be very many; then single bits say it better.
const fewIntervals = 512

// parts are a word's values by what they lead to, as intervals, or nil if those
// are many. The word's bits end at a level.
func (w *walker) parts(d Difference, end int) []part {
	var list []part
	intervals := 0
	var last Difference // that of the interval before
	var cut func(d Difference, level int, from uint32) bool
	cut = func(d Difference, level int, from uint32) bool {
		if !d.None() && min(w.first(d.A), w.first(d.B)) < end {
			s := step{level: level, len: 1, want: 1 << 31}
			hi, lo := w.divide(d, s)
			return cut(lo, level+1, from) && cut(hi, level+1, from|1<<(end-1-level))
		}
		if d.None() {
			d = Difference{}
		}
		to := from | (1<<(end-level) - 1)
		at := slices.IndexFunc(list, func(p part) bool { return p.to == d })
		switch {
		case d.None():
		case at < 0:
			list = append(list, part{d, []Set{{^uint32(0), from, to}}})
		case last == d:
			list[at].sets[len(list[at].sets)-1].To = to
		default:
			list[at].sets = append(list[at].sets, Set{^uint32(0), from, to})
		}
		if last != d || intervals == 0 {
			intervals++
		}
		last = d
		return intervals <= fewIntervals
	}
	if !cut(d, end-32, 0) {
		return nil
	}
	return list
}

// cubes goes on bit by bit to the end of a group.
func (w *walker) cubes(d Difference, end int, bits map[int]Set) bool {
	if d.None() {
		return true
	}
	level := min(w.first(d.A), w.first(d.B))
	if level >= end {
		before := len(w.where)
		for word := range Words { // in order
			if s, ok := bits[word]; ok {
				w.where = append(w.where, Condition{word, []Set{s}})
			}
		}
		more := w.walk(d)
		w.where = w.where[:before]
		return more
	}
	hi, lo := w.divide(d, step{level: level, len: 1, want: 1 << 31})
	word, bit := w.at(level)
	old, had := bits[word]
	s := Set{old.Mask | 1<<bit, old.From, old.From}
	bits[word] = s
	more := w.cubes(lo, end, bits)
	if more {
		s.From |= 1 << bit
		s.To = s.From
		bits[word] = s
		more = w.cubes(hi, end, bits)
	}
	if bits[word] = old; !had {
		delete(bits, word)
	}
	return more
}

// Restrict leaves the differences where c holds.
func (g *Graph) Restrict(d Difference, c Node) Difference {
	return Difference{g.Ite(c, d.A, False), g.Ite(c, d.B, False)}
}
