// SPDX-License-Identifier: Apache-2.0

package review

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/proof"
)

// grouper makes changes of the sets of one ABI.
type grouper struct {
	a, b     Side
	computed bool
	budget   int // how many regions may still be joined; then they stay as they are
	asking   int // how many rules may still be asked; then only those of witnesses are
}

// changes are those of one ABI, in order.
func (g *grouper) changes(abi arch.Arch, list []proof.Difference) []Change {
	a, b := newDeciders(g.a, abi, &g.asking), newDeciders(g.b, abi, &g.asking)
	var changes []Change
	at := map[string]int{}
	for _, s := range append(g.named(abi, list), g.unnamed(abi, list)...) {
		where := make([][]proof.Constraint, len(s.regions))
		for i, r := range s.regions {
			where[i] = r.where
		}
		key := fmt.Sprint(s.apart, where)
		if a == nil && b == nil || s.numbers != nil {
			// Filters do not say who decides, so that all calls are alike.
			s.add(&changes, at, key, g.change(abi, &s, where, a, b))
			continue
		}
		for _, call := range slices.Clone(s.calls) {
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
