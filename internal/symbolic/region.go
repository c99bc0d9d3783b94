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
	A, B  Node // different leaves, or what is open and differs whatever it is
}

// Witness is an input of the region.
func (r *Region) Witness() Data {
	var d Data
	for _, c := range r.Where {
		d[c.Word] |= c.Any[0].From
	}
	return d
}

// Rests says whether what is open decides the difference for some input. The
// answer means nothing once the graph is full.
func (g *Graph) Rests(d Difference) bool { return g.rests(d, map[Difference]bool{}) }

// Regions yields disjoint regions where the values differ for certain. These are all
// differences, unless the graph becomes full or something open decides
// (LeftOut).
func (g *Graph) Regions(d Difference) iter.Seq[Region] {
	return func(yield func(Region) bool) {
		w := walker{Graph: g, known: map[Difference]bool{}, yield: yield}
		w.walk(d)
	}
}

// LeftOut is the error if Regions has not shown all differences.
func (g *Graph) LeftOut() error {
	if g.rested && !g.full {
		return ErrOpen
	}
	return g.Undecided()
}

// Differences are shown word by word, as a person reads them: [0] = 5..9, [16] & 0x80 =
// 0x80. The walk goes down in both diagrams. At each word it groups the values by the
// difference that they lead to, as few intervals or, if those are fewer, as few sets of
// masked bits, and goes on behind the word once for each group. Words whose bits are
// interleaved with others', and words with too many sets, are gone through bit by bit, as
// cubes. There can be exponentially many regions, so they are yielded one by one.

// walker goes from word to word.
type walker struct {
	*Graph
	where []Condition
	known map[Difference]bool // of what is open
	keep  bool                // whoever took a region has worked on the graph
	yield func(Region) bool
}

// walk says whether to go on. It takes back the vertices that it made, unless something
// holds on to them: a walk through millions of regions would fill the graph.
func (w *walker) walk(d Difference) bool {
	before := len(w.vertices)
	more := w.visit(d)
	if !w.keep && len(w.known) == 0 {
		w.forget(before)
	}
	return more
}

// visit walks below one vertex of a difference: by the sets of the next word's values where
// that can be done, and else bit by bit.
func (w *walker) visit(d Difference) bool {
	if d.None() {
		return true
	}
	if !w.work(1) {
		return false
	}
	level := min(w.first(d.A), w.first(d.B))
	if level >= inputLevels {
		return w.found(d)
	}
	group, end := w.group(level)
	if len(group) == 1 {
		if classes := w.classes(d, end); classes != nil {
			return w.each(int(group[0]), classes)
		}
	}
	return w.cubes(d, end, map[int]Set{})
}

// found yields a region, unless what is open decides.
func (w *walker) found(d Difference) bool {
	if !w.always(d, w.known) {
		w.rested = true
		return !w.full
	}
	if w.full {
		return false
	}
	before := w.Steps()
	more := w.yield(Region{slices.Clone(w.where), d.A, d.B})
	w.keep = w.keep || w.Steps() != before
	return more
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

// each goes on behind a word, once for each class of its values.
func (w *walker) each(word int, classes []valueClass) bool {
	for _, c := range classes {
		w.where = append(w.where, Condition{word, c.sets})
		more := w.walk(c.to)
		w.where = w.where[:len(w.where)-1]
		if !more {
			return false
		}
	}
	return true
}

// valueClass is the values of a word that lead to one difference.
type valueClass struct {
	to   Difference
	sets []Set
}

// fewSets is how many sets a word's values may be cut into before they are
// yielded one by one.
const fewSets = 512

// classes are a word's values by what they lead to, nil if the sets are many. They
// are intervals or, if those are fewer, sets of bits. The word's bits end at a level.
func (w *walker) classes(d Difference, end int) []valueClass {
	a := cutter{Graph: w.Graph, end: end, limit: fewSets}
	if !a.intervals(d, end-32, 0) {
		a.list, a.sets = nil, 2*fewSets
	}
	// Intervals read better: bits must be a good deal fewer.
	b := cutter{Graph: w.Graph, end: end, limit: min(a.sets/2, fewSets)}
	if b.bits(d, 0, 0) {
		return b.list
	}
	return a.list
}

// cutter cuts the values of a word into sets, and gives up beyond a limit of sets.
type cutter struct {
	*Graph
	end   int // of the word
	limit int // of the sets
	sets  int
	list  []valueClass
	last  Difference // that of the set before
}

// intervals cuts the values that begin with the bits of from up to a level. It is
// false if there are too many sets.
func (c *cutter) intervals(d Difference, level int, from uint32) bool {
	if !c.work(1) {
		return false
	}
	if !d.None() && min(c.first(d.A), c.first(d.B)) < c.end {
		hi, lo := c.divide(d, step{level: level, len: 1, want: 1 << 31})
		return c.intervals(lo, level+1, from) && c.intervals(hi, level+1, from|1<<(c.end-1-level))
	}
	if d.None() {
		c.last = Difference{}
		return true
	}
	to := from | (1<<(c.end-level) - 1)
	if c.last == d { // the interval goes on
		sets := c.toward(d).sets
		sets[len(sets)-1].To = to
		return true
	}
	c.last = d
	return c.add(d, Set{^uint32(0), from, to})
}

// bits cuts the values whose bits in mask are value.
func (c *cutter) bits(d Difference, mask, value uint32) bool {
	if d.None() {
		return true
	}
	if !c.work(1) {
		return false
	}
	level := min(c.first(d.A), c.first(d.B))
	if level >= c.end {
		return c.add(d, Set{mask, value, value})
	}
	bit := uint32(1) << (c.end - 1 - level)
	hi, lo := c.divide(d, step{level: level, len: 1, want: 1 << 31})
	return c.bits(lo, mask|bit, value) && c.bits(hi, mask|bit, value|bit)
}

func (c *cutter) add(d Difference, s Set) bool {
	p := c.toward(d)
	p.sets = append(p.sets, s)
	c.sets++
	return c.sets <= c.limit
}

// toward finds or makes the class that leads to d.
func (c *cutter) toward(d Difference) *valueClass {
	at := slices.IndexFunc(c.list, func(p valueClass) bool { return p.to == d })
	if at < 0 {
		at = len(c.list)
		c.list = append(c.list, valueClass{to: d})
	}
	return &c.list[at]
}

// cubes goes on bit by bit to the end of a group.
func (w *walker) cubes(d Difference, end int, bits map[int]Set) bool {
	if d.None() {
		return true
	}
	if !w.work(1) {
		return false
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
	word, bit := w.place(level)
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
