// SPDX-License-Identifier: Apache-2.0

package decompile

import (
	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/symbolic"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/proof/internal/diagram"
	"github.com/gosieve/sieve/seccomp/proof/internal/rules"
)

// mostRegions is how many boxes of one call are looked at. With more of them a cover
// nearly always needs fewer rules (cover.go).
const mostRegions = 1024

// regions are rules for all answers of a call but one, def, no two of which match together.
// ok is false if they are too many.
//
// Most calls look at a few values of a few arguments. Their diagrams then have few
// paths, and a rule for each path reads as a person would write it. Masks over many
// bits make the paths exponentially many; cover.go is for those.
func (d *decompiler) regions(abi arch.Arch, n symbolic.Node, def seccomp.Action) ([]rules.Outcome, bool) {
	var found []regionRule
	for r := range d.Regions(symbolic.Difference{A: n, B: d.Leaf(uint32(def))}) {
		v, _ := d.LeafValue(r.A)
		f := regionRule{action: seccomp.Action(v)}
		if found = f.crossProduct(found, conditionsOf(abi, r.Where)); len(found) > mostRegions {
			return nil, false
		}
	}
	by := map[seccomp.Action][]box{}
	var actions []seccomp.Action // as found
	for _, f := range found {
		if by[f.action] == nil {
			actions = append(actions, f.action)
		}
		by[f.action] = append(by[f.action], f.box)
	}
	var list []rules.Outcome
	for _, a := range actions {
		for _, v := range joinAdjacent(by[a]) {
			list = append(list, rules.Outcome{Args: v.arguments(abi.Bits()), Action: a})
		}
	}
	return list, !d.Full()
}

// fieldSets is a condition on an argument of 64 bits: its value is in one of the sets.
type fieldSets struct {
	index int
	any   []diagram.Masked
}

// conditionsOf are a region's conditions on arguments.
func conditionsOf(abi arch.Arch, where []symbolic.Condition) []fieldSets {
	var words [symbolic.Words][]symbolic.Set
	for _, c := range where {
		words[c.Word] = c.Any
	}
	var conditions []fieldSets
	for index := range 6 {
		h, l := diagram.Words(abi, index)
		high, low := words[h], words[l]
		if abi.Bits() == 32 && low != nil {
			high = []symbolic.Set{{Mask: diagram.MaxWord}} // which a policy takes for 0
		}
		for _, sets := range diagram.Join(high, low) {
			conditions = append(conditions, fieldSets{index, sets})
		}
	}
	return conditions
}

// regionRule is a rule in the making: calls in the box get the action.
type regionRule struct {
	box    box
	action seccomp.Action
}

// crossProduct appends the rule once for each choice of one set from every condition. It
// stops once there are more than mostRegions.
func (f regionRule) crossProduct(list []regionRule, conditions []fieldSets) []regionRule {
	if len(conditions) == 0 || len(list) > mostRegions {
		return append(list, f)
	}
	for _, s := range conditions[0].any {
		next := f
		// A second condition on the argument is on the other half: a single value of the
		// first half is merged with it, a range stays beside it.
		switch v := &next.box[conditions[0].index]; {
		case v[0].From == v[0].To:
			v[0] = diagram.Masked{Mask: v[0].Mask | s.Mask, From: v[0].From | s.From, To: v[0].To | s.To}
		default:
			v[1] = s
		}
		list = next.crossProduct(list, conditions[1:])
	}
	return list
}
