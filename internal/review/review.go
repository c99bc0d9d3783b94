// SPDX-License-Identifier: Apache-2.0

package review

import (
	"cmp"
	"fmt"
	"iter"
	"slices"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/proof"
)

// Review is what changed between two sides.
type Review struct {
	// Changes are in the order of ABIs, of directions and of names.
	Changes []Change
	// Sets is how many of the prover's sets are in them. More says that there are others,
	// which were left out.
	Sets int
	More bool
}

// Most is how many sets a Review holds whatever the limit: some programs differ in more sets
// than there is memory for.
const Most = 1 << 16

// New reads sets of calls up to a limit (0 for Most) and puts them in order: from Diff,
// or from Looser with the baseline as A. Each set's A must be the answer of side a, and B that
// of side b.
//
// If the sequence ends with an error, that is returned with the changes up to there: those
// are certain, and there may be more.
func New(sets iter.Seq2[proof.Difference, error], a, b Side, limit int) (*Review, error) {
	if limit <= 0 || limit > Most {
		limit = Most
	}
	r := &Review{}
	var list []proof.Difference
	var failed error
	for d, err := range sets {
		if err != nil {
			failed = err
			break
		}
		if len(list) == limit {
			r.More = true
			break
		}
		d.Names = nil // they are in Numbers, and take most of the memory
		list = append(list, d)
	}
	r.Sets = len(list)
	g := grouper{a: a, b: b, computed: a.computes() || b.computes(), budget: 1 << 20}
	for len(list) > 0 {
		abi := list[0].ABI
		n := slices.IndexFunc(list, func(d proof.Difference) bool { return d.ABI != abi })
		if n < 0 {
			n = len(list)
		}
		r.Changes = append(r.Changes, g.changes(abi, list[:n])...)
		list = list[n:]
	}
	return r, failed
}

// grouper makes changes of the sets of one ABI.
type grouper struct {
	a, b     Side
	computed bool
	budget   int // how many regions may still be joined; then they stay as they are
}

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

// changes are those of one ABI, in order.
func (g *grouper) changes(abi arch.Arch, list []proof.Difference) []Change {
	a, b := newDeciders(g.a, abi), newDeciders(g.b, abi)
	var changes []Change
	at := map[string]int{}
	for _, s := range append(g.named(abi, list), g.unnamed(abi, list)...) {
		where, key := make([][]proof.Constraint, len(s.regions)), ""
		for i, r := range s.regions {
			where[i] = r.where
		}
		if key = fmt.Sprint(s.apart, where); a == nil && b == nil {
			// Filters do not say who decides, so that all calls are alike.
			s.add(&changes, at, key, g.change(abi, &s, where, nil, nil))
			continue
		}
		calls := s.calls
		if s.numbers != nil {
			s.add(&changes, at, key, g.change(abi, &s, where, a, b))
			continue
		}
		for _, call := range calls {
			s.calls = []Call{call}
			for i := range s.regions {
				s.regions[i].witness.Nr = call.Number
			}
			s.add(&changes, at, key, g.change(abi, &s, where, a, b))
		}
	}
	for i := range changes {
		changes[i].All = all(&changes[i])
		slices.SortFunc(changes[i].Calls, func(x, y Call) int { return cmp.Compare(x.Name, y.Name) })
	}
	slices.SortStableFunc(changes, func(x, y Change) int {
		return cmp.Or(cmp.Compare(x.Direction, y.Direction), compareNames(&x, &y))
	})
	return changes
}

// change is a subject whose calls are decided alike.
func (g *grouper) change(abi arch.Arch, s *subject, where [][]proof.Constraint, a, b *deciders) Change {
	return Change{ABI: abi, Audits: s.audits, Direction: DirectionOf(s.a, s.b), Calls: s.calls, Numbers: s.numbers, Where: where,
		A: a.answer(s.a, s), B: b.answer(s.b, s), Witness: s.regions[0].witness, Computed: g.computed}
}

// add adds a change to those that it is like.
func (s *subject) add(changes *[]Change, at map[string]int, key string, c Change) {
	key += c.A.key() + c.B.key()
	i, ok := at[key]
	if !ok {
		at[key] = len(*changes)
		*changes = append(*changes, c)
		return
	}
	like := &(*changes)[i]
	like.Calls = append(like.Calls, c.Calls...)
	if c.ABI != 0 { // else it has them
		like.Numbers = append(like.Numbers, c.Numbers...)
	}
	like.Audits = append(slices.Clip(like.Audits), c.Audits...)
}

// compareNames orders changes by their first names. Those without names are last.
func compareNames(x, y *Change) int {
	if n := cmp.Compare(min(len(y.Calls), 1), min(len(x.Calls), 1)); n != 0 || len(x.Calls) == 0 {
		return n
	}
	return cmp.Compare(x.Calls[0].Name, y.Calls[0].Name)
}

// all says whether a change has every call of its ABI, whatever its number.
func all(c *Change) bool {
	if c.ABI == 0 || len(c.Calls) == 0 {
		return false
	}
	names := 0
	for range c.ABI.Calls() {
		names++
	}
	whole := unnamed(c.ABI, domain(c.ABI))
	return len(c.Calls) == names && size(c.Numbers) == size(whole)
}

// domain is the numbers of an ABI: x86_64 and x32 share a token (arch.Of).
func domain(abi arch.Arch) []seccomp.Range {
	const last = 1<<32 - 1
	base := arch.X32.Base()
	switch abi {
	case arch.X86_64:
		return []seccomp.Range{{From: 0, To: base - 1}, {From: last, To: last}}
	case arch.X32:
		return []seccomp.Range{{From: base, To: last - 1}}
	}
	return []seccomp.Range{{From: 0, To: last}}
}

// size is how many numbers are in ranges.
func size(list []seccomp.Range) (n uint64) {
	for _, r := range list {
		n += uint64(r.To-r.From) + 1
	}
	return n
}

// named takes the sets apart by calls that have a name. Calls that are in the same sets
// stay together: a filter can tell thousands of sets apart for each of 400 calls.
func (g *grouper) named(abi arch.Arch, list []proof.Difference) []subject {
	// A class is the sets with the same numbers.
	var classes [][]int
	class := map[string]int{}
	in := map[uint32][]int{} // the classes of a call
	for i := range list {
		d := &list[i]
		key := fmt.Sprint(d.Numbers)
		for _, w := range d.Where {
			if w.Index == proof.IndexNr {
				key += fmt.Sprint(w.Any)
			}
		}
		c, ok := class[key]
		if !ok {
			c = len(classes)
			class[key] = c
			classes = append(classes, nil)
			for nr := range abi.Calls() {
				if call := d.Call; numberIn(d, &call, nr) {
					in[nr] = append(in[nr], c)
				}
			}
		}
		classes[c] = append(classes[c], i)
	}
	together := map[string][]Call{}
	var order []uint32 // the first call of each kind
	for nr, name := range abi.Calls() {
		if in[nr] == nil {
			continue
		}
		key := fmt.Sprint(in[nr])
		if together[key] == nil {
			order = append(order, nr)
		}
		together[key] = append(together[key], Call{nr, name})
	}
	var subjects []subject
	for _, nr := range order {
		type answers struct{ a, b seccomp.Action }
		own := len(subjects)
		for _, c := range in[nr] {
			for _, i := range classes[c] {
				d := &list[i]
				at := slices.IndexFunc(subjects[own:], func(s subject) bool { return answers{s.a, s.b} == answers{d.A, d.B} })
				if at < 0 {
					at = len(subjects) - own
					subjects = append(subjects, subject{a: d.A, b: d.B, calls: slices.Clone(together[fmt.Sprint(in[nr])])})
				}
				s := &subjects[own+at]
				s.regions = append(s.regions, regionOf(d, nr))
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
			// More numbers than any ABI has names: the free bits count up.
			free := low32 &^ r.Mask
			for x, n := uint64(0), 0; n < 1<<12; n++ {
				if has(uint32(r.From | x)) {
					return c, true
				}
				if x = (x - free) & free; x == 0 {
					break
				}
			}
		}
	}
	return c, false
}
