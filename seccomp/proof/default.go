// SPDX-License-Identifier: Apache-2.0

package proof

import (
	"cmp"
	"slices"

	"github.com/gosieve/sieve/internal/symbolic"
	"github.com/gosieve/sieve/seccomp"
)

// shortest finds the rules for the default that needs the fewest.
func (d *decompiler) shortest() error {
	var first error
	some := false
	for _, action := range d.defaults {
		rules, err := d.rules(action)
		switch {
		case err != nil && first == nil:
			first = err
		case err == nil && (!some || len(rules) < len(d.policy.Rules)):
			some, d.policy.Default, d.policy.Rules = true, action, rules
		}
	}
	if some {
		return nil
	}
	return first
}

// largest are the values of the three leaves with the largest sizes, BadArch if there
// is none.
func (d *decompiler) largest(size map[symbolic.Node]uint64) []seccomp.Action {
	type sized struct {
		action seccomp.Action
		size   uint64
	}
	var list []sized
	for n, s := range size {
		v, _ := d.LeafValue(n)
		list = append(list, sized{seccomp.Action(v), s})
	}
	slices.SortFunc(list, func(a, b sized) int {
		return cmp.Or(cmp.Compare(b.size, a.size), cmp.Compare(a.action, b.action))
	})
	var actions []seccomp.Action
	for _, s := range list[:min(len(list), 3)] {
		actions = append(actions, s.action)
	}
	if actions == nil {
		actions = []seccomp.Action{d.policy.BadArch}
	}
	return actions
}
