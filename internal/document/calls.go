// SPDX-License-Identifier: Apache-2.0

package document

import (
	"fmt"
	"slices"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/seccomp"
)

// Decision is what a policy decides on a call of an ABI: the rules for it, in order, up to the
// first without conditions. There always is one, the last; it has the policy's default if no
// rule of the policy is without conditions.
type Decision struct {
	Name   string
	Number uint32
	Rules  []*seccomp.Rule
}

// Decide returns what a policy decides on each name of an ABI, in the order of the numbers.
// Of two names for one number the first counts: most dialects write a rule by name, and one
// name is enough.
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

// Otherwise returns the action for the numbers of an ABI that have no name. Most dialects
// have one default for those and for names that no rule has. Where a policy decides such
// numbers differently this is the action of one of them, and Contract.Write finds the rest
// when it proves the document.
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

// Matching are the rules that may decide a number: in order, up to the first without
// conditions, behind which none is reached.
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

// Reasons collects why a dialect cannot say what a policy means. A writer adds to it and
// goes on, so that its caller learns all reasons at once.
type Reasons struct {
	Dialect profile.Dialect
	list    []string
}

// maxReasons is how many reasons are kept: more than a person reads.
const maxReasons = 20

// Add adds a reason, unless it is there already.
func (r *Reasons) Add(format string, args ...any) {
	if s := fmt.Sprintf(format, args...); len(r.list) < maxReasons && !slices.Contains(r.list, s) {
		r.list = append(r.list, s)
	}
}

// Err is an *UnsayableError if there are any. A writer must ask before it gives its text
// away: the text is then incomplete.
func (r *Reasons) Err() error {
	if len(r.list) == 0 {
		return nil
	}
	return &profile.UnsayableError{Dialect: r.Dialect, Reasons: r.list}
}
