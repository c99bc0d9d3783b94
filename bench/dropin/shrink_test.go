// SPDX-License-Identifier: Apache-2.0

package dropin

import (
	"encoding/json"
	"fmt"
	"slices"
)

// shrink is the smallest policy that it finds to fail still: without ABIs, rules and
// conditions one by one.
func shrink(p *policy, fails func(*policy) bool) *policy {
	for again := true; again; {
		again = false
		for q := range p.smaller {
			if fails(q) {
				p, again = q, true
				break
			}
		}
	}
	return p
}

// smaller yields the policy with one thing less.
func (p *policy) smaller(yield func(*policy) bool) {
	for i := range p.rules {
		q := *p
		q.rules = slices.Delete(slices.Clone(p.rules), i, i+1)
		for j, at := range q.rejected {
			if i < at {
				q.rejected[j]--
			}
		}
		if q.rejected[0] == q.rejected[1] {
			q.rejected = [2]int{}
		}
		if !yield(&q) {
			return
		}
	}
	for i := range p.arches {
		q := *p
		q.arches = slices.Delete(slices.Clone(p.arches), i, i+1)
		q.native = slices.Contains(q.arches, native)
		if len(q.arches) > 0 && !yield(&q) {
			return
		}
	}
	for i := range p.rules {
		for j := range p.rules[i].Conditions {
			q := *p
			q.rules = slices.Clone(p.rules)
			q.rules[i].Conditions = slices.Delete(slices.Clone(p.rules[i].Conditions), j, j+1)
			if !yield(&q) {
				return
			}
		}
	}
	q := *p
	q.priorities, q.optimize = nil, 0
	if (len(p.priorities) > 0 || p.optimize != 0) && !yield(&q) {
		return
	}
}

// String is the policy's rules, for messages.
func (p *policy) String() string {
	text := fmt.Sprintf("%v optimize %d, default %v, rejected %v\n", p.arches, p.optimize, act(p.fallback), p.rejected)
	for _, s := range append(slices.Clone(p.priorities), p.rules...) {
		line, _ := json.Marshal(s)
		text += fmt.Sprintf("  %v %s\n", act(s.Action), line)
	}
	return text
}
