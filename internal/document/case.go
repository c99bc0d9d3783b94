// SPDX-License-Identifier: Apache-2.0

package document

import (
	"math/bits"
	"slices"
	"sync"

	"github.com/gosieve/sieve/seccomp"
)

// Case is conditions that all hold, and the action then. Rule is the policy's rule that it
// comes from, for messages.
type Case struct {
	Args   []seccomp.Arg
	Action seccomp.Action
	Rule   *seccomp.Rule
}

// maxCases is how many cases a decision may have: each becomes text that people read.
const maxCases = 1000

// Cases returns when a decision is not the default action, in order: the first case that
// holds counts. Dialects that have alternatives and a default, but no order and no
// exceptions, need this form. A rule with the default action disappears: what stands
// behind it gets the condition that it does not hold. For example, with KILL as the
// default,
//
//	arg0 == 1: KILL
//	else:      ALLOW       ->  arg0 != 1: ALLOW
//
// It is false if there are more than maxCases.
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

// except restricts each term to where the conditions do not all hold: one new term for each
// way in which one of them fails.
//
//	t, except a and b    ->    t and not a; t and not b
func except(terms [][]seccomp.Arg, conditions []seccomp.Arg) [][]seccomp.Arg {
	var list [][]seccomp.Arg
	for _, t := range terms {
		if apart(t, conditions) {
			list = append(list, t)
			continue
		}
		for _, c := range conditions {
			for _, n := range negated(c) {
				list = append(list, append(slices.Clone(t), n))
			}
		}
	}
	return list
}

// apart reports whether two lists of conditions cannot both hold, since they want one
// argument to equal two values. except then has nothing to do, which keeps its terms from
// multiplying.
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

// opposites gives each operator the one that holds exactly where it does not.
var opposites = sync.OnceValue(func() map[seccomp.Op]seccomp.Op {
	return map[seccomp.Op]seccomp.Op{
		seccomp.EQ: seccomp.NE, seccomp.NE: seccomp.EQ, seccomp.LT: seccomp.GE,
		seccomp.GE: seccomp.LT, seccomp.LE: seccomp.GT, seccomp.GT: seccomp.LE,
	}
})

// negated returns conditions of which at least one holds exactly where c does not. For
// MaskedEQ there is one for each bit of the mask: that bit is the other one.
func negated(c seccomp.Arg) []seccomp.Arg {
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
