// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"encoding/binary"
	"slices"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/seccomp"
)

// Outcome is a rule without the calls that it names. In a list of outcomes the first that
// matches decides, and the last has no conditions.
type Outcome struct {
	Args   []seccomp.Arg
	Action seccomp.Action
}

// Key is equal for equal lists of outcomes and different for different ones. It is made of
// the values as they are, not of the words that people read.
func Key(list ...Outcome) string {
	var b []byte
	for _, o := range list {
		b = binary.AppendUvarint(b, uint64(o.Action))
		b = binary.AppendUvarint(b, uint64(len(o.Args)))
		for _, a := range o.Args {
			narrow := byte(0)
			if a.Narrow {
				narrow = 1
			}
			b = append(b, byte(a.Index), byte(a.Op), narrow)
			b = binary.AppendUvarint(b, a.Mask)
			b = binary.AppendUvarint(b, a.Value)
		}
	}
	return string(b)
}

// decides says whether the list answers a whatever the arguments are.
func decides(list []Outcome, a seccomp.Action) bool { return len(list) == 1 && list[0].Action == a }

// product is the rules for calls that both lists decide. All pairs of an outcome of a and
// one of b are tried in order; the first pair of which both match has the first match of
// either list. That is true row by row and column by column; the shorter result is used.
func (c *combiner) product(abi arch.Arch, a, b []Outcome) ([]Outcome, error) {
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

// pairs are the pairs of outcomes row by row: all of b for each of a. Outcomes at the end
// that decide as what follows them anyway are dropped.
func pairs(abi arch.Arch, a, b []Outcome, choose Choice) []Outcome {
	var all []Outcome
	for _, x := range a {
		from := len(all)
		for _, y := range b {
			if args, ok := joinArgs(abi, x.Args, y.Args); ok {
				all = append(all, Outcome{args, choose(x.Action, y.Action)})
			}
		}
		// What the last of a row, with the conditions of x alone, decides as well
		// needs no other before it.
		last := all[len(all)-1]
		for len(all) > from+1 && all[len(all)-2].Action == last.Action {
			all = append(all[:len(all)-2], last)
		}
	}
	last := all[len(all)-1]
	for len(all) > 1 && all[len(all)-2].Action == last.Action {
		all = append(all[:len(all)-2], last)
	}
	return all
}

// joinArgs are the conditions of both lists without duplicates; ok is false if they are
// seen to exclude each other (apart).
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

// outcomesOf are a policy's rules for each segment, in order and up to the first without
// conditions; the default stands at the end if there is none.
func outcomesOf(p *seccomp.Policy, abi arch.Arch, segments []segment) [][]Outcome {
	lists, last := make([][]Outcome, len(segments)), p.BadArch
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
						lists[at] = append(lists[at], Outcome{r.Args, r.Action})
						closed[at] = len(r.Args) == 0
					}
				}
			}
		}
	}
	for i := range lists {
		if !closed[i] {
			lists[i] = append(lists[i], Outcome{nil, last})
		}
	}
	return lists
}
