// SPDX-License-Identifier: Apache-2.0

package decompile

import (
	"cmp"
	"slices"

	"github.com/gosieve/sieve/internal/symbolic"
	"github.com/gosieve/sieve/seccomp"
)

// shortest tries the candidates for the default and keeps the policy with the fewest
// rules. A candidate that fails is skipped unless all fail.
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

// largest are the three constant answers that most numbers get, or BadArch if there is
// none. The default is nearly always one of them: a filter answers most of the 2^32
// numbers, which no kernel has, with its default.
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
