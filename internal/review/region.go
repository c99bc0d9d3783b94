// SPDX-License-Identifier: Apache-2.0

package review

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/proof"
)

// region is a set of calls of one number: all conditions hold. The prover's regions are
// disjoint; those of one call that differ in one field alone are joined, as the prover cuts a
// field into what its diagram asks of each half.
type region struct {
	where   []proof.Constraint
	witness seccomp.Call
}

// regionOf is the part of a difference that calls of one number have.
func regionOf(d *proof.Difference, nr uint32) region {
	r := region{witness: d.Call}
	r.witness.Nr = nr
	for _, w := range d.Where {
		if w.Index != proof.IndexNr {
			r.where = append(r.where, w)
		}
	}
	return r
}

// mostRegions is how many regions of a call are joined; more are left as they are.
const mostRegions = 1 << 12

// joined joins regions that differ in one field, as long as there are some.
func joined(list []region, abi arch.Arch) []region {
	if len(list) > mostRegions {
		return list
	}
	for again := true; again; {
		again = false
		for index := range proof.IndexAudit + 1 {
			n := len(list)
			list = joinedBy(list, index, abi)
			again = again || len(list) < n
		}
	}
	return list
}

// joinedBy joins regions that differ in that field alone.
func joinedBy(list []region, index int, abi arch.Arch) []region {
	var out []region
	at := map[string]int{}
	for _, r := range list {
		var rest strings.Builder
		own := []int(nil)
		for i, w := range r.where {
			if w.Index == index {
				own = append(own, i)
				continue
			}
			fmt.Fprintf(&rest, "%d%v;", w.Index, w.Any)
		}
		if len(own) != 1 { // the two halves of a field are two conditions
			out = append(out, r)
			continue
		}
		i, ok := at[rest.String()]
		if !ok {
			at[rest.String()] = len(out)
			r.where = slices.Clone(r.where)
			out = append(out, r)
			continue
		}
		one := slices.IndexFunc(out[i].where, func(w proof.Constraint) bool { return w.Index == index })
		all := slices.Concat(out[i].where[one].Any, r.where[own[0]].Any)
		out[i].where[one] = proof.Constraint{Index: index, Any: all}
	}
	for i := range out {
		out[i].where = slices.DeleteFunc(out[i].where, func(w proof.Constraint) bool {
			v := valuesOf(w.Any, abi.Valid() && abi.Bits() == 32 && w.Index < 6)
			return w.Index == index && v.whole()
		})
	}
	return out
}

// meets says whether a call meets all conditions.
func meets(where []proof.Constraint, c *seccomp.Call) bool {
	return !slices.ContainsFunc(where, func(w proof.Constraint) bool { return !holds(w, c) })
}

// holds says whether a call meets a condition.
func holds(w proof.Constraint, c *seccomp.Call) bool {
	x := c.IP
	switch w.Index {
	case proof.IndexIP:
	case proof.IndexNr:
		x = uint64(c.Nr)
	case proof.IndexAudit:
		x = uint64(c.Audit)
	default:
		x = c.Args[w.Index]
	}
	return slices.ContainsFunc(w.Any, func(r proof.MaskedRange) bool { return r.From <= x&r.Mask && x&r.Mask <= r.To })
}
