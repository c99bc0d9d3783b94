// SPDX-License-Identifier: Apache-2.0

package decision

// A search finds the span that a value lies in, with comparisons of two kinds:
// thresholds and equalities. The spans are cut into segments, and thresholds
// choose a segment. Within one all spans but the single values have the same
// target: each of those values costs one equality, and a denied hole in an
// allowed range one test instead of two. Whatever the shape of the tree over the
// segments, the number of tests is the same; so the cut decides the size, and
// the shape the paths.

// segment is a run of spans that equalities alone decide.
type segment struct {
	first, last int    // spans, both included
	start       uint32 // the smallest value
	rest        Node   // for all values but those of the spans with other targets
	weight      int    // how often it is reached
}

// longestChain is how many equalities may stand in a row: more would be smaller
// still, but slower than a threshold between them.
const longestChain = 5

// cut finds the segments with the fewest tests in all, in time linear in the
// number of spans.
func (w Word) cut(spans []Span) []segment {
	type step struct{ tests, from int }
	best := make([]step, len(spans)+1) // best[i]: the first i spans
	rests := make([]Node, len(spans)+1)
	for i := range spans {
		best[i+1].tests = int(^uint(0) >> 1)
		c := chain{}
		for j := i; j >= 0 && c.add(w, spans, j); j-- {
			tests := c.tests() + best[j].tests
			if j > 0 {
				tests++ // the threshold before it
			}
			if tests < best[i+1].tests {
				best[i+1] = step{tests, j}
				rests[i+1] = c.rest()
			}
		}
	}
	var segments []segment
	for i := len(spans); i > 0; i = best[i].from {
		from := best[i].from
		segments = append(segments, segment{first: from, last: i - 1, start: w.start(spans, from), rest: rests[i]})
	}
	for i, j := 0, len(segments)-1; i < j; i, j = i+1, j-1 {
		segments[i], segments[j] = segments[j], segments[i]
	}
	return segments
}

// start is the smallest value of span i.
func (w Word) start(spans []Span, i int) uint32 {
	if i == 0 {
		return 0
	}
	value, _ := w.ceil(spans[i-1].Last + 1)
	return value
}

// chain is a segment that grows.
type chain struct {
	wide   Node // the target of the spans that are no single values, if any is
	isWide bool
	counts []count // spans by target
	spans  int
}

type count struct {
	to Node
	n  int
}

// add takes span i into the chain and says whether it is still one.
func (c *chain) add(w Word, spans []Span, i int) bool {
	to := spans[i].To
	if w.start(spans, i) != spans[i].Last {
		if c.isWide && c.wide != to {
			return false
		}
		c.wide, c.isWide = to, true
	}
	c.spans++
	for k := range c.counts {
		if c.counts[k].to == to {
			c.counts[k].n++
			return c.tests() <= longestChain
		}
	}
	c.counts = append(c.counts, count{to, 1})
	return c.tests() <= longestChain
}

// rest is the target that is left when all equalities have failed: that of the
// wide spans, or else the most frequent one.
func (c *chain) rest() Node {
	if c.isWide {
		return c.wide
	}
	most := c.counts[0]
	for _, k := range c.counts[1:] {
		if k.n > most.n {
			most = k
		}
	}
	return most.to
}

// tests is how many equalities the chain needs.
func (c *chain) tests() int {
	rest := c.rest()
	for _, k := range c.counts {
		if k.to == rest {
			return c.spans - k.n
		}
	}
	return c.spans
}

// split finds the segment before which a threshold divides the weight best.
func split(segments []segment) int {
	total := 0
	for _, s := range segments {
		total += s.weight
	}
	at, left, least := 1, 0, int(^uint(0)>>1)
	for i, s := range segments[:len(segments)-1] {
		left += s.weight
		if d := max(left, total-left); d < least {
			at, least = i+1, d
		}
	}
	return at
}
