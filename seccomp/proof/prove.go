// SPDX-License-Identifier: Apache-2.0

package proof

import (
	"errors"
	"fmt"

	"github.com/gosieve/sieve/bpf"
	"github.com/gosieve/sieve/internal/symbolic"
	"github.com/gosieve/sieve/seccomp"
)

// ErrUndecided is what an error of the prover wraps where an answer would need
// more memory or time than it may take, or rests on what the kernel leaves open: what a
// shift by a register does that holds 32 or more.
var ErrUndecided = symbolic.ErrUndecided

// Prove decides whether the filter does what the policy means for every one of the
// 2^512 calls. It returns nil, or a *Counterexample with one call for which it does not.
//
// What the kernel does is compared: it takes errnos above MaxErrno as MaxErrno and
// unknown actions as KILL_PROCESS, and reads the data of ERRNO, TRAP and TRACE
// only. Of a stack the most restrictive answer counts, and of equal ones that of the
// program installed last, as in Run.
//
// Other errors wrap ErrPolicy for a policy that Validate refuses, bpf.ErrInvalid
// for a program that the kernel refuses, and ErrUndecided, with the instruction
// that was reached, where the limits are met (Within): 2 seconds or 256 MB
// by default. Compiled policies are decided in less than a millisecond as a rule; one
// with hundreds of conditions for a call is compared in parts, rule by rule, where the
// diagram of the whole grows large.
//
// The prover shares no code with the compiler, lest it repeat a mistake of it.
// It explores the finished programs on all inputs at once, and the policy by its
// rules as they stand; both become decision diagrams of which each function has
// exactly one (internal/symbolic).
func Prove(f seccomp.Filter, p *seccomp.Policy, opts ...seccomp.Option) error {
	if f == nil {
		f = seccomp.Filter{} // which allows all
	}
	return prove(f, p, limitsOf(opts))
}

func prove(f seccomp.Filter, p *seccomp.Policy, limits symbolic.Limits) error {
	asked, err := newQuestion(Side{policy: p}, Side{filter: f}, limits)
	if err != nil {
		return err
	}
	found, err := decide(asked, f, p)
	if err != nil || found == nil {
		return err
	}
	c := newCounterexample(f, callOf(bpf.Data(*found)), p)
	if effective(c.Policy.Action) == effective(c.Filter) {
		panic(fmt.Sprintf("seccomp: the prover says that filter and policy differ for %+v, and they do not", c.Call))
	}
	return c
}

// decide answers the question whether the filter is the policy's. Where one diagram of the
// whole grows large, parts are tried before it may take all that the limits leave.
func decide(q *symbolic.Question, f seccomp.Filter, p *seccomp.Policy) (*symbolic.Data, error) {
	if countConditions(p) < manyConditions {
		return q.Decide()
	}
	limits := q.Limits
	q.Limits = limits.Share(64)
	found, err := q.Decide()
	if !errors.Is(err, ErrUndecided) {
		return found, err
	}
	found, spent, err := byCutpoints(f, p, limits.Share(2))
	if !errors.Is(err, ErrUndecided) {
		return found, err
	}
	q.Limits = limits.Less(spent)
	return q.Decide()
}
