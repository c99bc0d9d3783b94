// SPDX-License-Identifier: Apache-2.0

package flow

import (
	"slices"

	"github.com/gosieve/sieve/seccomp"
)

// most is the largest value of a word.
const most = ^uint32(0)

// Set is values of a word: ranges in ascending order with a gap between any two.
type Set []seccomp.Range

// all is every value.
func all() Set { return Set{{From: 0, To: most}} }

// only is one value.
func only(v uint32) Set { return Set{{From: v, To: v}} }

// intersect is what both sets have.
func (s Set) intersect(o Set) Set {
	var both Set
	for i, j := 0, 0; i < len(s) && j < len(o); {
		if from, to := max(s[i].From, o[j].From), min(s[i].To, o[j].To); from <= to {
			both = append(both, seccomp.Range{From: from, To: to})
		}
		if s[i].To < o[j].To {
			i++
		} else {
			j++
		}
	}
	return both
}

// complement is the values that the set has not.
func (s Set) complement() Set {
	var rest Set
	next := uint64(0)
	for _, r := range s {
		if uint64(r.From) > next {
			rest = append(rest, seccomp.Range{From: uint32(next), To: r.From - 1})
		}
		next = uint64(r.To) + 1
	}
	if next <= uint64(most) {
		rest = append(rest, seccomp.Range{From: uint32(next), To: most})
	}
	return rest
}

// union is what at least one of the sets has.
func (s Set) union(o Set) Set {
	switch {
	case len(s) == 0 || slices.Equal(s, o):
		return o
	case len(o) == 0:
		return s
	}
	list := slices.Concat(s, o)
	slices.SortFunc(list, func(a, b seccomp.Range) int { return int(int64(a.From) - int64(b.From)) })
	sum := list[:1]
	for _, r := range list[1:] {
		if last := &sum[len(sum)-1]; uint64(r.From) <= uint64(last.To)+1 {
			last.To = max(last.To, r.To)
		} else {
			sum = append(sum, r)
		}
	}
	return sum
}

// size is how many values the set has.
func (s Set) size() uint64 {
	n := uint64(0)
	for _, r := range s {
		n += uint64(r.To) - uint64(r.From) + 1
	}
	return n
}

// full says whether the set has every value.
func (s Set) full() bool { return len(s) == 1 && s[0] == seccomp.Range{From: 0, To: most} }
