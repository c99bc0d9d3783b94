// SPDX-License-Identifier: Apache-2.0

package decision

// list adds the search of a list, if the spans are one: single values, as of an
// argument, and one target for all others. Nothing is known of the values. The fewest
// tests then are an equality for each value and thresholds between full chains, so there
// is nothing to plan. A list of thousands of values is searched in linear time this way.
func (t *tree) list(s *search) bool {
	rest, values := Node(-1), 0
	for i, span := range s.spans {
		switch {
		case s.first[i] == span.Last:
			values++
		case rest >= 0 && rest != span.To:
			return false
		default:
			rest = span.To
		}
	}
	if rest < 0 {
		return false
	}
	for i, span := range s.spans {
		if s.first[i] == span.Last && span.To == rest {
			return false // one value between two others leads to the rest: an equality would be wasted
		}
	}
	t.halve(s, 0, len(s.spans), values, rest)
	return true
}

// halve adds the search among the spans from first up to end, excluded, which hold so
// many single values. It halves the number of chains, not of values: every chain but the
// last is full.
func (t *tree) halve(s *search, first, end, values int, rest Node) {
	if values <= longestChain {
		c := chain{rest: rest}
		for i := first; i < end; i++ {
			if to := s.spans[i].To; to != rest {
				c.take(s.first[i], s.first[i], 0, to)
			}
		}
		t.add(c)
		return
	}
	// A chain that is full saves a threshold.
	chains := (values + longestChain - 1) / longestChain
	low := min(chains/2*longestChain, values-1)
	at := first
	for n := 0; n < low; at++ {
		if s.spans[at].To != rest {
			n++
		}
	}
	if at < end && s.spans[at].To == rest {
		at++
	}
	t.steps = append(t.steps, step{threshold: int32(at)})
	t.halve(s, first, at, low, rest)
	t.halve(s, at, end, values-low, rest)
}
