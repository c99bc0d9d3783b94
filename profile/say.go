// SPDX-License-Identifier: Apache-2.0

package profile

import (
	"errors"
	"slices"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/seccomp"
)

// mostSaid is how many rules may be written for one rule of a policy: a range of
// an argument's values is written value by value.
const mostSaid = 256

var errValues = errors.New("a long range of values")

// say is what is decided on a call, as rules of a document.
func (f *fromPolicy) say(a arch.Arch, nr uint32, name string) []said {
	var list []said
	rules := f.matching(a, nr)
	if len(rules) == 0 && f.policy.Default != f.def {
		return []said{{action: f.policy.Default}}
	}
	for _, r := range rules {
		if r.Action == f.def {
			continue // rules of decompiled policies do not overlap
		}
		all := [][]Arg{nil}
		for index := range 6 {
			choices, err := conditions(r.Args, index, a.Bits() == 32)
			if err != nil {
				f.cannot("%v of argument %d of %s on %v", err, index, name, a)
				return nil
			}
			all = product(all, choices)
		}
		if len(all) > mostSaid {
			f.cannot("%d sets of arguments of %s on %v", len(all), name, a)
			return nil
		}
		for _, args := range all {
			list = append(list, said{r.Action, args})
		}
	}
	return list
}

// product joins every list with every choice, if there are any.
func product(lists [][]Arg, choices []Arg) [][]Arg {
	if choices == nil {
		return lists
	}
	var all [][]Arg
	for _, l := range lists {
		for _, c := range choices {
			all = append(all, append(slices.Clip(l), c))
		}
	}
	return all
}

// conditions are those on one argument, of which one must hold; nil if there is
// none.
func conditions(args []seccomp.Arg, index int, narrow bool) ([]Arg, error) {
	first, last, some := uint64(0), ^uint64(0), false
	if narrow {
		last = 1<<32 - 1
	}
	most := last
	var list []Arg
	for _, c := range args {
		if c.Index != index {
			continue
		}
		if c.Narrow && !narrow && !(c.Op == seccomp.EQ) {
			return nil, errValues // the upper half does not count
		}
		switch c.Op {
		case seccomp.EQ:
			if c.Narrow && !narrow {
				list = append(list, Arg{Index: uint32(index), Op: "SCMP_CMP_MASKED_EQ", Value: 1<<32 - 1, ValueTwo: c.Value})
				continue
			}
			first, last, some = max(first, c.Value), min(last, c.Value), true
		case seccomp.LE:
			last, some = min(last, c.Value), true
		case seccomp.GE:
			first, some = max(first, c.Value), true
		case seccomp.LT:
			last, some = min(last, c.Value-1), true // decompiled: not below 0
		case seccomp.GT:
			first, some = max(first, c.Value+1), true
		case seccomp.NE:
			list = append(list, Arg{Index: uint32(index), Op: "SCMP_CMP_NE", Value: c.Value})
		case seccomp.MaskedEQ:
			if narrow && c.Mask&(1<<32-1) == 1<<32-1 && c.Value < 1<<32 {
				first, last, some = max(first, c.Value), min(last, c.Value), true
				continue
			}
			list = append(list, Arg{Index: uint32(index), Op: "SCMP_CMP_MASKED_EQ", Value: c.Mask, ValueTwo: c.Value})
		}
	}
	if len(list) > 1 || len(list) == 1 && some {
		return nil, errValues // a document takes several conditions for alternatives
	}
	if some {
		return interval(index, first, last, most)
	}
	return list, nil
}

// interval is the values from first to last of an argument whose greatest is most.
func interval(index int, first, last, most uint64) ([]Arg, error) {
	one := func(op string, value uint64) []Arg { return []Arg{{Index: uint32(index), Op: op, Value: value}} }
	switch {
	case first > last:
		return []Arg{}, nil // never
	case first == 0 && last == most:
		return nil, nil
	case first == last:
		return one("SCMP_CMP_EQ", first), nil
	case first == 0:
		return one("SCMP_CMP_LE", last), nil
	case last == most:
		return one("SCMP_CMP_GE", first), nil
	case last-first >= mostSaid:
		return nil, errValues
	}
	var list []Arg
	for v := first; v <= last; v++ {
		list = append(list, one("SCMP_CMP_EQ", v)...)
	}
	return list, nil
}
