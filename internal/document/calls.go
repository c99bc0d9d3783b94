// SPDX-License-Identifier: Apache-2.0

package document

import (
	"fmt"
	"slices"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/seccomp"
)

// Decision is what a policy decides on a call of an ABI: the rules for it, up to
// the first without conditions, which is the last: the policy's default if no other.
type Decision struct {
	Name   string
	Number uint32
	Rules  []*seccomp.Rule
}

// Decide finds what a policy decides on each name of an ABI, by number.
func Decide(p *seccomp.Policy, a arch.Arch) []Decision {
	var list []Decision
	last := ^uint32(0)
	for nr, name := range a.Calls() {
		if len(list) > 0 && nr == last {
			continue // another name of the same number
		}
		last = nr
		rules := Matching(p, a, nr)
		if n := len(rules); n == 0 || len(rules[n-1].Args) > 0 {
			rules = append(rules, &seccomp.Rule{Action: p.Default})
		}
		list = append(list, Decision{Name: name, Number: nr, Rules: rules})
	}
	return list
}

// Otherwise is the action for the numbers of an ABI without a name. Where they
// differ it is that of one of them.
func Otherwise(p *seccomp.Policy, a arch.Arch) seccomp.Action {
	nr := ^uint32(0) // one of x86_64's, not of x32's
	if a == arch.X32 {
		nr--
	}
	for _, r := range Matching(p, a, nr) {
		if len(r.Args) == 0 {
			return r.Action
		}
	}
	return p.Default
}

// Matching are the rules for a number, up to the first without conditions.
func Matching(p *seccomp.Policy, a arch.Arch, nr uint32) []*seccomp.Rule {
	var list []*seccomp.Rule
	for i := range p.Rules {
		r := &p.Rules[i]
		if !r.Names(a, nr) {
			continue
		}
		if list = append(list, r); len(r.Args) == 0 {
			break
		}
	}
	return list
}

// Reasons are why a dialect cannot say what a policy means.
type Reasons struct {
	Dialect profile.Dialect
	list    []string
}

// maxReasons is how many of them are kept.
const maxReasons = 20

// Add adds one, once.
func (r *Reasons) Add(format string, args ...any) {
	if s := fmt.Sprintf(format, args...); len(r.list) < maxReasons && !slices.Contains(r.list, s) {
		r.list = append(r.list, s)
	}
}

// Err is an *UnsayableError if there are any.
func (r *Reasons) Err() error {
	if len(r.list) == 0 {
		return nil
	}
	return &profile.UnsayableError{Dialect: r.Dialect, Reasons: r.list}
}
