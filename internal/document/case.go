// SPDX-License-Identifier: Apache-2.0

package document

import (
	"math/bits"
	"slices"
	"sync"

	"github.com/gosieve/sieve/seccomp"
)

// Case is conditions that all hold, and the action then.
type Case struct {
	Args   []seccomp.Arg
	Action seccomp.Action
	Rule   *seccomp.Rule
}

// maxCases is how many cases a decision may have.
const maxCases = 1000

// Cases are when a decision is not the default action, in order: the first that
// holds counts. Rules with the default action are worked into those behind them, as
// conditions that do not hold. It is false if that makes too many cases.
func (d Decision) Cases(def seccomp.Action) (list []Case, ok bool) {
	var exceptions [][]seccomp.Arg
	for _, r := range d.Rules {
		if r.Action == def {
			exceptions = append(exceptions, r.Args)
			continue
		}
		terms := [][]seccomp.Arg{r.Args}
		for _, e := range exceptions {
			if terms = except(terms, e); len(terms)+len(list) > maxCases {
				return nil, false
			}
		}
		for _, t := range terms {
			list = append(list, Case{t, r.Action, r})
		}
	}
	return list, true
}

// except restricts terms to where some conditions do not all hold.
func except(terms [][]seccomp.Arg, conditions []seccomp.Arg) [][]seccomp.Arg {
	var list [][]seccomp.Arg
	for _, t := range terms {
		if apart(t, conditions) {
			list = append(list, t)
			continue
		}
		for _, c := range conditions {
			for _, n := range Negate(c) {
				list = append(list, append(slices.Clone(t), n))
			}
		}
	}
	return list
}

// apart says whether two lists of conditions want one argument to be two values.
func apart(a, b []seccomp.Arg) bool {
	for _, x := range a {
		for _, y := range b {
			if x.Op == seccomp.EQ && y.Op == seccomp.EQ && x.Index == y.Index && x.Narrow == y.Narrow && x.Value != y.Value {
				return true
			}
		}
	}
	return false
}

// opposites are the operators that hold where the other does not.
var opposites = sync.OnceValue(func() map[seccomp.Op]seccomp.Op {
	return map[seccomp.Op]seccomp.Op{
		seccomp.EQ: seccomp.NE, seccomp.NE: seccomp.EQ, seccomp.LT: seccomp.GE,
		seccomp.GE: seccomp.LT, seccomp.LE: seccomp.GT, seccomp.GT: seccomp.LE,
	}
})

// Negate is conditions of which at least one holds where c does not: for MaskedEQ
// one a bit.
func Negate(c seccomp.Arg) []seccomp.Arg {
	if o, ok := opposites()[c.Op]; ok {
		c.Op = o
		return []seccomp.Arg{c}
	}
	var list []seccomp.Arg
	for mask := c.Mask; mask != 0; mask &= mask - 1 {
		bit := uint64(1) << bits.TrailingZeros64(mask)
		list = append(list, seccomp.Arg{Index: c.Index, Op: seccomp.MaskedEQ, Mask: bit, Value: ^c.Value & bit, Narrow: c.Narrow})
	}
	return list
}
