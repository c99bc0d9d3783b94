// SPDX-License-Identifier: Apache-2.0

package proof

import (
	"fmt"

	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/proof/internal/rules"
)

// Union allows what any of the policies allows: every call gets the least restrictive
// of their answers (Action.Rank) and, of answers that differ in their data alone,
// the first policy's. An ABI that a policy does not list gets its BadArch there.
//
// The result has ordinary rules without origins. It is exact for every call. Errors
// wrap ErrPolicy for a policy that Validate refuses, and ErrUndecided where it would
// need more than 65536 rules.
func Union(first *seccomp.Policy, more ...*seccomp.Policy) (*seccomp.Policy, error) {
	return fold(first, more, func(a, b seccomp.Action) seccomp.Action {
		if b.Rank() > a.Rank() {
			return b
		}
		return a
	})
}

// Intersect allows what all of the policies allow: every call gets the most
// restrictive of their answers, as from a kernel that has all of their filters.
// All else is as for Union.
func Intersect(first *seccomp.Policy, more ...*seccomp.Policy) (*seccomp.Policy, error) {
	return fold(first, more, func(a, b seccomp.Action) seccomp.Action {
		if b.Rank() < a.Rank() {
			return b
		}
		return a
	})
}

// Subtract takes from a policy what another allows: a call that the first may let
// run (ALLOW, LOG, TRACE, USER_NOTIF) and the second does (ALLOW, LOG) gets the
// action denied; every other call gets the first's answer. The error wraps ErrPolicy
// too if denied may let calls run. All else is as for Union.
func Subtract(from, what *seccomp.Policy, denied seccomp.Action) (*seccomp.Policy, error) {
	if err := denied.Validate(); err != nil {
		return nil, err
	}
	if !denied.Denies() {
		return nil, fmt.Errorf("%w: %v for what is subtracted lets it run, want ERRNO, TRAP or KILL", seccomp.ErrPolicy, denied)
	}
	return fold(from, []*seccomp.Policy{what}, func(a, b seccomp.Action) seccomp.Action {
		if !a.Denies() && b.Runs() {
			return denied
		}
		return a
	})
}

// fold combines policies one after the other, from the left. A single policy is combined
// with itself: the result means the same and has the form of a combined policy.
func fold(first *seccomp.Policy, more []*seccomp.Policy, choose rules.Choice) (*seccomp.Policy, error) {
	for _, p := range append([]*seccomp.Policy{first}, more...) {
		if err := p.Validate(); err != nil {
			return nil, err
		}
	}
	if more == nil {
		more = []*seccomp.Policy{first} // which changes nothing but the form
	}
	all := first
	for _, p := range more {
		both, err := rules.Combine(all, p, choose)
		if err != nil {
			return nil, err
		}
		all = both
	}
	return all, nil
}
