// SPDX-License-Identifier: Apache-2.0

package proof

import (
	"errors"
	"fmt"

	"github.com/gosieve/sieve/bpf"
	"github.com/gosieve/sieve/internal/symbolic"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/proof/internal/diagram"
)

// ErrUndecided is wrapped by errors for questions that have no answer: it would need more
// work or memory than the limits allow (seccomp.Within), or it depends on what the kernel
// leaves open, namely what a shift by a register that holds 32 or more does.
var ErrUndecided = symbolic.ErrUndecided

// Prove decides whether the filter does what the policy means for every one of the
// 2^512 inputs. It returns nil, or a *Counterexample with one call for which it does
// not. A nil filter has no programs and allows every call.
//
// Compared is what the kernel does: errnos above MaxErrno count as MaxErrno, unknown
// actions as KILL_PROCESS, and data counts for ERRNO, TRAP and TRACE only. Of several
// programs the most restrictive answer counts, and of equally restrictive ones that of
// the program installed last, as in Filter.Run.
//
// Other errors wrap seccomp.ErrPolicy for a policy that Validate refuses, bpf.ErrInvalid
// for a program that the kernel refuses, and ErrUndecided, with the instruction that was
// reached, where the limits are met (seccomp.Within; by default some seconds of work, or
// 256 MB). Filters of real policies are decided in less than a millisecond as a rule.
func Prove(f seccomp.Filter, p *seccomp.Policy, opts ...seccomp.Option) error {
	if f == nil {
		f = seccomp.Filter{} // which allows all
	}
	return prove(f, p, limitsOf(opts))
}

// prove is Prove for a filter that is not nil. That a counterexample differs was checked
// already by Question.Differs; a second look here guards against defects of this package.
func prove(f seccomp.Filter, p *seccomp.Policy, limits symbolic.Limits) error {
	asked, err := newQuestion(Side{policy: p}, Side{filter: f}, different(), limits)
	if err != nil {
		return err
	}
	found, err := decide(asked, f, p)
	if err != nil || found == nil {
		return err
	}
	c := newCounterexample(f, diagram.CallOf(bpf.Data(*found)), p)
	if diagram.Effective(c.Policy.Action) == diagram.Effective(c.Filter) {
		panic(fmt.Sprintf("seccomp: the prover says that filter and policy differ for %+v, and they do not", c.Call))
	}
	return c
}

// decide finds an input on which filter and policy differ, if there is one.
//
// A policy with many conditions first gets a 64th of the limits for one diagram, which
// suffices for most. Then half of the limits go to the proof between cut points,
// and what is left to the diagram of the whole.
func decide(q *symbolic.Question, f seccomp.Filter, p *seccomp.Policy) (*symbolic.Data, error) {
	if countConditions(p) < manyConditions {
		return q.Decide()
	}
	limits := q.Limits
	q.Limits = limits.Divide(64) // a failure costs little, and nearly every policy needs less
	found, err := q.Decide()
	if !errors.Is(err, ErrUndecided) {
		return found, err
	}
	found, spent, err := byCutpoints(f, p, limits.Divide(2))
	if !errors.Is(err, ErrUndecided) {
		return found, err
	}
	q.Limits = limits.Minus(spent)
	return q.Decide()
}
