// SPDX-License-Identifier: Apache-2.0

package proof

import (
	"errors"
	"fmt"
	"slices"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/bpf"
	"github.com/gosieve/sieve/internal/symbolic"
	"github.com/gosieve/sieve/seccomp"
)

// ErrUndecided is what an error of the prover wraps where an answer would need
// more memory or time than it may take, or rests on what the kernel leaves open.
var ErrUndecided = bpf.ErrUndecided

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
	if meant(c.Policy.Action) == meant(c.Filter) {
		panic(fmt.Sprintf("seccomp: the prover says that filter and policy differ for %+v, and they do not", c.Call))
	}
	return c
}

// decide answers the question whether the filter is the policy's. Where one diagram of the
// whole grows large, parts are tried before it may take all that the limits leave.
func decide(q *symbolic.Question, f seccomp.Filter, p *seccomp.Policy) (*symbolic.Data, error) {
	if conditional(p) < manyConditions {
		return q.Decide()
	}
	limits := q.Limits
	q.Limits = limits.Share(64)
	found, err := q.Decide()
	if !errors.Is(err, ErrUndecided) {
		return found, err
	}
	found, spent, err := inParts(f, p, limits.Share(2))
	if !errors.Is(err, ErrUndecided) {
		return found, err
	}
	q.Limits = limits.Less(spent)
	return q.Decide()
}

// Side is one side of a comparison: a policy or a filter. Of makes it. The zero Side
// is an error of Diff.
type Side struct {
	policy *seccomp.Policy
	filter seccomp.Filter
}

// Of makes a policy or a filter a side of a comparison. A nil filter has no programs,
// like Filter{}, and allows every call. A nil policy is an error of Diff.
func Of[T *seccomp.Policy | seccomp.Filter](x T) Side {
	if p, ok := any(x).(*seccomp.Policy); ok {
		return Side{policy: p}
	}
	return Side{filter: append(seccomp.Filter{}, any(x).(seccomp.Filter)...)}
}

// sound refuses what has no meaning.
func (s Side) sound() error {
	switch {
	case s.policy != nil:
		return s.policy.Validate()
	case s.filter != nil:
		return soundFilter(s.filter)
	}
	return fmt.Errorf("%w: a side of a comparison is nil, want a policy or a filter", seccomp.ErrPolicy)
}

// programs are those that it consists of.
func (s Side) programs() [][]symbolic.Instruction {
	var list [][]symbolic.Instruction
	for _, program := range s.filter {
		list = append(list, symbolic.Code(program))
	}
	return list
}

// answers is what the kernel does, as a function of the call.
func (s Side) answers(g *symbolic.Graph) (symbolic.Answer, error) {
	if s.policy != nil {
		return policyAnswers(g, s.policy)
	}
	return filterAnswers(g, s.filter)
}

// action is what the kernel does with one call.
func (s Side) action(c *seccomp.Call) seccomp.Action {
	if s.policy != nil {
		return meant(s.policy.Evaluate(c))
	}
	return meant(s.filter.Run(c))
}

// abis are those that it speaks of, as far as it says so.
func (s Side) abis() []arch.Arch {
	if s.policy != nil {
		return s.policy.Arches
	}
	return filterABIs(s.filter)
}

// newQuestion asks whether two sides are equal.
func newQuestion(a, b Side, limits symbolic.Limits) (*symbolic.Question, error) {
	q := &symbolic.Question{
		Limits: limits,
		Orders: []func() symbolic.Order{symbolic.LittleEndian, symbolic.BigEndian},
		Ask: func(g *symbolic.Graph) ([]symbolic.Difference, error) {
			x, err := a.answers(g)
			if err != nil {
				return nil, err
			}
			y, err := b.answers(g)
			return g.Differ(x, y), err
		},
		Differs: func(d *symbolic.Data) bool {
			c := callOf(bpf.Data(*d))
			return a.action(c) != b.action(c)
		},
	}
	q.Same = a.policy == nil && b.policy == nil && slices.EqualFunc(a.filter, b.filter, slices.Equal[bpf.Program])
	balance := 0
	for _, s := range []Side{a, b} {
		if err := s.sound(); err != nil {
			return nil, err
		}
		for _, code := range s.programs() {
			q.Meetings = append(q.Meetings, symbolic.Meetings(code)...)
			q.Hard = q.Hard || symbolic.Hard(code)
			q.Cost += len(code)
		}
		for _, abi := range s.abis() {
			q.Arches = append(q.Arches, abi.Audit())
			if abi.BigEndian() {
				balance++
			} else {
				balance--
			}
		}
	}
	if balance > 0 {
		slices.Reverse(q.Orders)
	}
	return q, nil
}

// callOf is the call whose Data is d.
func callOf(d bpf.Data) *seccomp.Call {
	c := &seccomp.Call{Audit: d[1], Nr: d[0]}
	low, high := 0, 1
	if arch.BigEndian(c.Audit) {
		low, high = 1, 0
	}
	c.IP = uint64(d[2+high])<<32 | uint64(d[2+low])
	for i := range c.Args {
		c.Args[i] = uint64(d[4+2*i+high])<<32 | uint64(d[4+2*i+low])
	}
	return c
}

// meant is what the kernel does with a returned value (__seccomp_filter,
// kernel/seccomp.c).
func meant(a seccomp.Action) seccomp.Action {
	switch a.Kind() {
	case seccomp.Errno(0):
		return seccomp.Errno(min(a.Data(), seccomp.MaxErrno))
	case seccomp.Trap(0), seccomp.Trace(0):
		return a
	case seccomp.Allow, seccomp.Log, seccomp.Notify, seccomp.KillThread:
		return a.Kind()
	}
	return seccomp.KillProcess
}
