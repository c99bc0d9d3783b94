// SPDX-License-Identifier: Apache-2.0

package review

import (
	"fmt"
	"slices"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/proof"
)

// subject is calls whose answer changed from A to B for the same arguments: calls with a name,
// or numbers without one.
type subject struct {
	calls   []Call
	numbers []seccomp.Range
	audits  []seccomp.Range
	a, b    seccomp.Action
	regions []region
	apart   string // keeps it from being joined with another
}

// classes are sets with the same numbers, by index, and which classes a call is in.
type classes struct {
	sets [][]int
	of   map[uint32][]int
}

func classesOf(abi arch.Arch, list []proof.Difference) classes {
	c := classes{of: map[uint32][]int{}}
	known := map[string]int{}
	for i := range list {
		d := &list[i]
		key := fmt.Sprint(d.Numbers)
		for _, w := range d.Where {
			if w.Index == proof.IndexNr {
				key += fmt.Sprint(w.Any)
			}
		}
		class, ok := known[key]
		if !ok {
			class = len(c.sets)
			known[key] = class
			c.sets = append(c.sets, nil)
			for nr := range abi.Calls() {
				if call := d.Call; numberIn(d, &call, nr) {
					c.of[nr] = append(c.of[nr], class)
				}
			}
		}
		c.sets[class] = append(c.sets[class], i)
	}
	return c
}

// named takes the sets apart by calls that have a name. Calls that are in the same sets
// stay together: a filter can tell thousands of sets apart for each of 400 calls.
func (g *grouper) named(abi arch.Arch, list []proof.Difference) []subject {
	classes := classesOf(abi, list)
	together := map[string][]Call{}
	var order []string
	for nr, name := range abi.Calls() {
		if classes.of[nr] == nil {
			continue
		}
		key := fmt.Sprint(classes.of[nr])
		if together[key] == nil {
			order = append(order, key)
		}
		together[key] = append(together[key], Call{nr, name})
	}
	var subjects []subject
	for _, key := range order {
		calls := together[key]
		own := len(subjects)
		for _, class := range classes.of[calls[0].Number] {
			for _, i := range classes.sets[class] {
				d := &list[i]
				at := slices.IndexFunc(subjects[own:], func(s subject) bool { return s.a == d.A && s.b == d.B })
				if at < 0 {
					at = len(subjects) - own
					subjects = append(subjects, subject{a: d.A, b: d.B, calls: slices.Clone(calls)})
				}
				s := &subjects[own+at]
				s.regions = append(s.regions, regionOf(d, calls[0].Number))
			}
		}
		g.join(abi, subjects[own:])
	}
	return subjects
}

// numberIn says whether calls of a number are in a difference; c is one of its calls, and is
// changed.
func numberIn(d *proof.Difference, c *seccomp.Call, nr uint32) bool {
	c.Nr = nr
	return d.Contains(c)
}

// unnamed takes the sets apart by numbers that have no name; for tokens that no ABI has, by
// the tokens as well.
func (g *grouper) unnamed(abi arch.Arch, list []proof.Difference) []subject {
	var subjects []subject
	at := map[string]int{}
	for i := range list {
		d := &list[i]
		numbers, apart := d.Numbers, ""
		if abi != 0 {
			numbers = unnamed(abi, numbers)
		} else {
			apart = fmt.Sprint(d.Numbers) // the tokens of other numbers are others
		}
		c, ok := without(abi, d, numbers)
		if !ok {
			continue
		}
		key := fmt.Sprint(d.A, d.B, numbers, d.Audits, apart)
		j, ok := at[key]
		if !ok {
			j = len(subjects)
			at[key] = j
			subjects = append(subjects, subject{numbers: numbers, audits: d.Audits, a: d.A, b: d.B, apart: apart})
		}
		subjects[j].regions = append(subjects[j].regions, region{d.Where, c})
	}
	g.join(abi, subjects)
	return subjects
}

// join joins the regions of each subject, as long as the budget lasts.
func (g *grouper) join(abi arch.Arch, subjects []subject) {
	for i := range subjects {
		s := &subjects[i]
		if g.budget -= len(s.regions); g.budget > 0 {
			s.regions = joined(s.regions, abi)
		}
	}
}

// without is a call of a difference that has no name, among those numbers. If single bits of
// the number decide, they may all have names.
func without(abi arch.Arch, d *proof.Difference, numbers []seccomp.Range) (seccomp.Call, bool) {
	c := d.Call
	has := func(nr uint32) bool {
		c.Nr = nr
		_, named := abi.Name(nr)
		return (!named || abi == 0) && d.Contains(&c)
	}
	if has(d.Call.Nr) {
		return c, true
	}
	for _, r := range numbers {
		if has(r.From) {
			return c, true
		}
	}
	for _, w := range d.Where {
		if w.Index != proof.IndexNr {
			continue
		}
		for _, r := range w.Any {
			tries := 0
			for x := range subsets(low32 &^ r.Mask) {
				if has(uint32(r.From | x)) {
					return c, true
				}
				if tries++; tries > 1<<12 { // more than any ABI has names
					break
				}
			}
		}
	}
	return c, false
}
