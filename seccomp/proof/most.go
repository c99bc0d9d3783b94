// SPDX-License-Identifier: Apache-2.0

package proof

import (
	"fmt"
	"iter"

	"github.com/gosieve/sieve/bpf"
	"github.com/gosieve/sieve/internal/symbolic"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/proof/internal/diagram"
)

// AtMost decides whether a side is at most as permissive as a baseline: for every one of
// the 2^512 inputs its answer is at least as restrictive, in the order in which the kernel
// ranks the answers of several filters. From the most restrictive: KILL_PROCESS, KILL_THREAD,
// TRAP, ERRNO, USER_NOTIF, TRACE, LOG, ALLOW (seccomp.Action.Rank). The data of an action
// does not count: ERRNO(1) and ERRNO(38) are alike.
//
// It returns nil, or a *LooserError with a set of calls for which the side is less
// restrictive. Other errors are Prove's: a question that meets the limits is ErrUndecided.
// A caller that must not accept what is looser refuses on every error.
//
// Compared are the answers alone. What else decides how a filter works, such as the flags of
// its installation and who listens to its notifications, is not in a Side.
func AtMost(x, baseline Side, opts ...seccomp.Option) error {
	r := looser()
	asked, err := newQuestion(x, baseline, r, limitsOf(opts))
	if err != nil {
		return err
	}
	var known *symbolic.Data
	if asked.Hard { // a question with products is mostly decided without multiplying
		if known, err = asked.Decide(); err != nil || known == nil {
			return err
		}
	}
	var first *LooserError
	err = regions(asked, x, baseline, r, func(d Difference) bool {
		first = &LooserError{Set: d}
		return false
	})
	switch {
	case first != nil:
		return first
	case known != nil:
		return &LooserError{Set: single(x, baseline, diagram.CallOf(bpf.Data(*known)))}
	}
	return err
}

// Looser finds all calls for which a side is less restrictive than a baseline (AtMost), as
// Diff finds those that differ: A is the side's answer and B the baseline's.
// There are none if and only if AtMost returns nil.
func Looser(x, baseline Side, opts ...seccomp.Option) iter.Seq2[Difference, error] {
	return func(yield func(Difference, error) bool) {
		err := diff(x, baseline, looser(), limitsOf(opts), func(d Difference) bool { return yield(d, nil) })
		if err != nil {
			yield(Difference{}, err)
		}
	}
}

// LooserError is a set of calls for which a side is less restrictive than its baseline.
// There may be more: Looser finds them all.
type LooserError struct {
	// Set has the side's answer as A and the baseline's as B.
	Set Difference
}

// Error says in one line which calls, and what both sides do.
func (e *LooserError) Error() string {
	if e == nil {
		return "<nil>"
	}
	return fmt.Sprintf("%s: %v, looser than the baseline's %v", e.Set.calls(), e.Set.A, e.Set.B)
}

// single is the set of one call.
func single(a, b Side, c *seccomp.Call) Difference {
	abi, name := diagram.NameOf(c)
	x := Difference{ABI: abi, Numbers: []seccomp.Range{{From: c.Nr, To: c.Nr}}, Call: *c, A: a.action(c), B: b.action(c)}
	if abi == 0 {
		x.Audits = []seccomp.Range{{From: c.Audit, To: c.Audit}}
	}
	if name != "" {
		x.Names = []string{name}
	}
	for index := range IndexIP + 1 {
		value := c.IP
		if index != IndexIP {
			value = c.Args[index]
		}
		x.Where = append(x.Where, Constraint{Index: index, Any: []MaskedRange{{Mask: ^uint64(0), From: value, To: value}}})
	}
	return x
}
