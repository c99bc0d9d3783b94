// SPDX-License-Identifier: Apache-2.0

package seccomp

import (
	"slices"

	"github.com/gosieve/sieve/internal/decision"
)

// event is a number at which a rule begins or ceases to apply. The number, at
// most 1<<32, is in the upper 33 bits, then the rule's index, then whether it
// begins.
type event uint64

const maxRules = 1 << 30

func newEvent(at uint64, rule int, begins bool) event {
	e := event(at)<<31 | event(rule)<<1
	if begins {
		e |= 1
	}
	return e
}

func (e event) at() uint64   { return uint64(e >> 31) }
func (e event) rule() int    { return int(e>>1) & (maxRules - 1) }
func (e event) begins() bool { return e&1 == 1 }

// calls appends the decisions on the calls of a domain.
func (c *compiler) calls(spans []decision.Span, d domain) []decision.Span {
	c.begin(d.abi)
	events := c.events(d)
	var rules active
	from := uint64(d.first)
	for i := 0; i < len(events); {
		at := events[i].at()
		if at > from {
			spans = append(spans, decision.Span{Last: uint32(at - 1), To: c.rules(rules.list)})
			from = at
		}
		for ; i < len(events) && events[i].at() == at; i++ {
			rules.apply(events[i])
		}
	}
	if from <= uint64(d.last) {
		spans = append(spans, decision.Span{Last: d.last, To: c.rules(rules.list)})
	}
	return spans
}

// events lists where rules begin and cease to apply within a domain, in order.
func (c *compiler) events(d domain) []event {
	var events []event
	add := func(rule int, n Range) {
		from, to := max(n.From, d.first), min(n.To, d.last)
		if from <= to {
			events = append(events, newEvent(uint64(from), rule, true), newEvent(uint64(to)+1, rule, false))
		}
	}
	for i := range c.policy.Rules {
		r := &c.policy.Rules[i]
		if len(r.Arches) > 0 && !slices.Contains(r.Arches, d.abi) {
			continue
		}
		for _, name := range r.Syscalls {
			if nr, ok := d.abi.Number(name); ok {
				add(i, Range{nr, nr})
			}
		}
		for _, n := range r.Numbers {
			add(i, n)
		}
	}
	slices.Sort(events)
	return events
}

// active holds the rules that apply to a number, in order.
type active struct {
	list  []int
	count map[int]int // how often each does, if more than once
}

func (a *active) apply(e event) {
	i, found := slices.BinarySearch(a.list, e.rule())
	switch {
	case e.begins() && !found:
		a.list = slices.Insert(a.list, i, e.rule())
	case e.begins():
		if a.count == nil {
			a.count = map[int]int{}
		}
		a.count[e.rule()]++
	case a.count[e.rule()] > 0:
		a.count[e.rule()]--
	default:
		a.list = slices.Delete(a.list, i, i+1)
	}
}
