// SPDX-License-Identifier: Apache-2.0

package proof

import (
	"slices"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/seccomp"
)

// outcome is a rule without its calls. In a list of them the first that matches
// counts, and the last has no conditions.
type outcome struct {
	args   []seccomp.Arg
	action seccomp.Action
}

func decides(list []outcome, a seccomp.Action) bool { return len(list) == 1 && list[0].action == a }

// product is the list for two lists: of all pairs of which both match, the first
// has the first that matches on either side. That holds in either order of going
// through them; the shorter list counts.
func (c *combiner) product(abi arch.Arch, a, b []outcome) ([]outcome, error) {
	if len(a)*len(b) > maxCombined {
		return nil, errCombined
	}
	rows := pairs(abi, a, b, c.choose)
	columns := pairs(abi, b, a, func(x, y seccomp.Action) seccomp.Action { return c.choose(y, x) })
	if len(columns) < len(rows) {
		return columns, nil
	}
	return rows, nil
}

func pairs(abi arch.Arch, a, b []outcome, choose choice) []outcome {
	var all []outcome
	for _, x := range a {
		from := len(all)
		for _, y := range b {
			if args, ok := joinArgs(abi, x.args, y.args); ok {
				all = append(all, outcome{args, choose(x.action, y.action)})
			}
		}
		// What the last of a row, with the conditions of x alone, decides as well
		// needs no other before it.
		last := all[len(all)-1]
		for len(all) > from+1 && all[len(all)-2].action == last.action {
			all = append(all[:len(all)-2], last)
		}
	}
	last := all[len(all)-1]
	for len(all) > 1 && all[len(all)-2].action == last.action {
		all = append(all[:len(all)-2], last)
	}
	return all
}

// joinArgs are the conditions of both lists; ok is false if they cannot all hold.
func joinArgs(abi arch.Arch, a, b []seccomp.Arg) (list []seccomp.Arg, ok bool) {
	if len(a) == 0 {
		return b, true
	}
	list = slices.Clone(a)
	for _, y := range b {
		if slices.Contains(a, y) {
			continue
		}
		if slices.ContainsFunc(a, func(x seccomp.Arg) bool { return apart(abi, x, y) }) {
			return nil, false
		}
		list = append(list, y)
	}
	return list, true
}

// outcomesOf are what the policy decides on each part.
func outcomesOf(p *seccomp.Policy, abi arch.Arch, segments []segment) [][]outcome {
	lists, last := make([][]outcome, len(segments)), p.BadArch
	closed := make([]bool, len(segments))
	if slices.Contains(p.Arches, abi) {
		last = p.Default
		for i := range p.Rules {
			r := &p.Rules[i]
			for _, n := range ruleNumbers(r, abi) {
				at, _ := slices.BinarySearchFunc(segments, n.From, func(x segment, from uint32) int {
					if x.numbers.From < from {
						return -1
					}
					return 1
				})
				for ; at < len(segments) && segments[at].numbers.To <= n.To; at++ {
					if !closed[at] {
						lists[at] = append(lists[at], outcome{r.Args, r.Action})
						closed[at] = len(r.Args) == 0
					}
				}
			}
		}
	}
	for i := range lists {
		if !closed[i] {
			lists[i] = append(lists[i], outcome{nil, last})
		}
	}
	return lists
}
