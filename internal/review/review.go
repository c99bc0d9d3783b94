// SPDX-License-Identifier: Apache-2.0

package review

import (
	"cmp"
	"fmt"
	"iter"
	"slices"
	"strings"

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
		list = append(list, d)
	}
	r.Sets = len(list)
	g := grouper{a: a, b: b, computed: a.computes() || b.computes()}
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
}

// subject is one number, or all numbers without a name, whose answer changed from A to B.
type subject struct {
	call    Call
	numbers []seccomp.Range
	audits  []seccomp.Range
	a, b    seccomp.Action
	apart   string // keeps it from being joined with another
	regions []region
}

// changes are those of one ABI, in order.
func (g *grouper) changes(abi arch.Arch, list []proof.Difference) []Change {
	a, b := newDeciders(g.a, abi), newDeciders(g.b, abi)
	var changes []Change
	at := map[string]int{}
	for _, s := range subjects(abi, list) {
		s.regions = joined(s.regions, abi)
		c := Change{ABI: abi, Audits: s.audits, Direction: DirectionOf(s.a, s.b), Numbers: s.numbers, Witness: s.regions[0].witness, Computed: g.computed}
		c.A, c.B = a.answer(s.a, &s), b.answer(s.b, &s)
		if s.numbers == nil {
			c.Calls = []Call{s.call}
		}
		var where strings.Builder
		for _, r := range s.regions {
			c.Where = append(c.Where, r.where)
			fmt.Fprintf(&where, "%v|", r.where)
		}
		key := fmt.Sprint(c.A.key(), c.B.key(), s.apart, where.String())
		i, ok := at[key]
		if !ok {
			at[key] = len(changes)
			changes = append(changes, c)
			continue
		}
		changes[i].Calls = append(changes[i].Calls, c.Calls...)
		changes[i].Numbers = append(changes[i].Numbers, c.Numbers...)
		changes[i].Audits = append(changes[i].Audits, c.Audits...)
	}
	for i := range changes {
		changes[i].All = all(&changes[i])
	}
	slices.SortStableFunc(changes, func(x, y Change) int {
		return cmp.Or(cmp.Compare(x.Direction, y.Direction), compareNames(&x, &y))
	})
	return changes
}

// compareNames orders changes by their first names. Those without names are last.
func compareNames(x, y *Change) int {
	if n := cmp.Compare(min(len(y.Calls), 1), min(len(x.Calls), 1)); n != 0 || len(x.Calls) == 0 {
		return n
	}
	return cmp.Compare(x.Calls[0].Name, y.Calls[0].Name)
}

// all says whether a change has every call of its ABI.
func all(c *Change) bool {
	if c.ABI == 0 || len(c.Calls) == 0 || len(c.Calls[0].Sets) != 1 || c.Calls[0].Sets[0] != c.Calls[0].Name {
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

// subjects takes the sets apart by calls: those with a name by it, in alphabetical order, and
// then those without, by what they have in common.
func subjects(abi arch.Arch, list []proof.Difference) []subject {
	type way struct {
		nr   uint32
		a, b seccomp.Action
	}
	var named, others []subject
	at := map[way]int{}
	rest := map[string]int{}
	for i := range list {
		d := &list[i]
		for _, name := range d.Names {
			nr, _ := abi.Number(name)
			key := way{nr, d.A, d.B}
			j, ok := at[key]
			if !ok {
				j = len(named)
				at[key] = j
				named = append(named, subject{call: Call{Number: nr, Name: name}, a: d.A, b: d.B})
			}
			named[j].regions = append(named[j].regions, regionOf(d, nr))
		}
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
		key := fmt.Sprint(d.A, d.B, d.Where, apart)
		j, ok := rest[key]
		if !ok {
			j = len(others)
			rest[key] = j
			others = append(others, subject{a: d.A, b: d.B, apart: apart, regions: []region{{d.Where, c}}})
		} else if abi == 0 {
			numbers = nil // it has them
		}
		others[j].numbers = append(others[j].numbers, numbers...)
		others[j].audits = append(others[j].audits, d.Audits...)
	}
	for i := range named {
		s := &named[i]
		for _, r := range joined(s.regions, abi) {
			s.call.Sets = append(s.call.Sets, Calls(abi, s.call.Name, r.where))
		}
		slices.Sort(s.call.Sets)
	}
	slices.SortStableFunc(named, func(x, y subject) int { return cmp.Compare(x.call.Name, y.call.Name) })
	return append(named, others...)
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
