// SPDX-License-Identifier: Apache-2.0

package page

import (
	"cmp"
	"encoding/json"
	"math"
	"slices"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/unfiltered"
)

// grid makes the cells of one ABI on one machine.
type grid struct {
	*builder
	machine *Machine
	abi     arch.Arch
	named   map[uint32][]int // the rules that name a call, in order, by number
	ranges  []int            // the rules that have numbers

	kinds map[string]string // of answers, by the rules
}

// build is every call of the ABI's table, and what numbers without a name get.
func (g *grid) build(index int) *abi {
	g.index()
	out := &abi{Name: g.abi.String(), Machine: index}
	for nr, name := range g.abi.Calls() {
		c := &call{Name: name, Nr: nr, Answer: g.answer(name, nr, g.named[nr]), Sets: setsOf(name)}
		if since := g.abi.Since(nr); since != 0 {
			c.Since = since.String()
		}
		if from, ok := unfiltered.Since(g.abi, nr); ok {
			c.Never = from.String()
		}
		out.Calls = append(out.Calls, c)
	}
	slices.SortFunc(out.Calls, func(a, b *call) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Nr, b.Nr)) })
	out.Rest = g.rest()
	g.measure(out)
	return out
}

// index finds the rules of each call with a name. A policy made of a filter may have thousands.
func (g *grid) index() {
	g.named = map[uint32][]int{}
	var sorted []uint32
	for nr := range g.abi.Calls() {
		sorted = append(sorted, nr)
	}
	slices.Sort(sorted)
	for i := range g.machine.Policy.Rules {
		r := &g.machine.Policy.Rules[i]
		if len(r.Arches) > 0 && !slices.Contains(r.Arches, g.abi) {
			continue
		}
		add := func(nr uint32) {
			if list := g.named[nr]; len(list) == 0 || list[len(list)-1] != i {
				g.named[nr] = append(list, i)
			}
		}
		for _, name := range r.Syscalls {
			if nr, ok := g.abi.Number(name); ok {
				add(nr)
			}
		}
		for _, n := range r.Numbers {
			from, _ := slices.BinarySearch(sorted, n.From)
			for _, nr := range sorted[from:] {
				if nr > n.To {
					break
				}
				add(nr)
			}
		}
		if len(r.Numbers) > 0 {
			g.ranges = append(g.ranges, i)
		}
	}
}

// rest is the answers for numbers that have no name, by range. A range may hold numbers with
// names, which have their own cells.
func (g *grid) rest() []span {
	var list []span
	for _, s := range g.segments() {
		n := s.From
		if !g.hasUnnamed(s) {
			continue
		}
		var rules []int
		for _, i := range g.ranges {
			if g.machine.Policy.Rules[i].Names(g.abi, g.unnamedIn(s)) {
				rules = append(rules, i)
			}
		}
		answer := g.answer("", n, rules)
		if last := len(list) - 1; last >= 0 && list[last].Answer == answer && list[last].To+1 == s.From {
			list[last].To = s.To
			continue
		}
		list = append(list, span{s.From, s.To, answer})
	}
	return list
}

// segments are the ABI's numbers, cut where a rule's range begins or ends.
func (g *grid) segments() []span {
	var list []span
	for _, all := range numbersOf(g.abi) {
		cuts := []uint64{uint64(all.From), uint64(all.To) + 1}
		for _, i := range g.ranges {
			for _, n := range g.machine.Policy.Rules[i].Numbers {
				for _, cut := range []uint64{uint64(n.From), uint64(n.To) + 1} {
					if cut > uint64(all.From) && cut <= uint64(all.To) {
						cuts = append(cuts, cut)
					}
				}
			}
		}
		slices.Sort(cuts)
		cuts = slices.Compact(cuts)
		for i := range len(cuts) - 1 {
			list = append(list, span{From: uint32(cuts[i]), To: uint32(cuts[i+1] - 1)})
		}
	}
	return list
}

// numbersOf are the numbers that come through an ABI (arch.Of): x86_64 and x32 share a token.
func numbersOf(a arch.Arch) []span {
	x32 := arch.X32.Base()
	switch a {
	case arch.X86_64:
		return []span{{From: 0, To: x32 - 1}, {From: math.MaxUint32, To: math.MaxUint32}}
	case arch.X32:
		return []span{{From: x32, To: math.MaxUint32 - 1}}
	}
	return []span{{From: 0, To: math.MaxUint32}}
}

// hasUnnamed says whether a range has a number without a name.
func (g *grid) hasUnnamed(s span) bool {
	named := uint64(0)
	for nr := range g.abi.Calls() {
		if s.From <= nr && nr <= s.To {
			named++
		}
	}
	return named <= uint64(s.To)-uint64(s.From)
}

// unnamedIn is the first number of a range that has no name.
func (g *grid) unnamedIn(s span) uint32 {
	for nr := s.From; ; nr++ {
		if _, ok := g.abi.Name(nr); !ok || nr == s.To {
			return nr
		}
	}
}

// addAnswer is the index of an answer in the page.
func (g *grid) addAnswer(a answer) int {
	text, err := json.Marshal(a)
	if err != nil {
		panic("page: an answer cannot be written as JSON: " + err.Error())
	}
	i, ok := g.answers[string(text)]
	if !ok {
		i = len(g.page.Answers)
		g.answers[string(text)] = i
		g.page.Answers = append(g.page.Answers, a)
	}
	return i
}
