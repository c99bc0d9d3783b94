// SPDX-License-Identifier: Apache-2.0

package seccomp

import (
	"errors"
	"fmt"
	"iter"
	"slices"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/bpf"
	"github.com/gosieve/sieve/internal/symbolic"
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
// that was reached, where the diagrams outgrow about 100 MB. Compiled policies
// are decided in less than a millisecond as a rule.
//
// The prover shares no code with the compiler, lest it repeat a mistake of it.
// It explores the finished programs on all inputs at once, and the policy by its
// rules as they stand; both become decision diagrams of which each function has
// exactly one (internal/symbolic).
func (f Filter) Prove(p *Policy) error {
	g, d, err := compare(p, f)
	if err != nil || d.None() {
		return err
	}
	call, ok := witness(g, d, p.Arches)
	if !ok {
		return errUnspecified
	}
	c := f.counterexample(call, p)
	if meant(c.Policy.Action) == meant(c.Filter) {
		panic(fmt.Sprintf("seccomp: the prover says that filter and policy differ for %+v, and they do not", *call))
	}
	return c
}

var errUnspecified = fmt.Errorf("%w: the answers differ only where a register that holds 32 or more shifts, which the kernel leaves open", ErrUndecided)

// Side is one side of a comparison: a *Policy or a Filter.
type Side interface {
	// sound refuses what has no meaning.
	sound() error
	// meets are the words whose bits an operation brings together.
	meets() []uint16
	// answers is what the kernel does, as a function of the call.
	answers(g *symbolic.Graph) (symbolic.Answer, error)
	// abis are those that it speaks of, as far as it says so.
	abis() []arch.Arch
}

// compare finds where two sides differ. How large diagrams become depends on the
// order in which they look at words: there are two to try.
func compare(a, b Side) (*symbolic.Graph, symbolic.Difference, error) {
	for _, s := range []Side{a, b} {
		if err := s.sound(); err != nil {
			return nil, symbolic.Difference{}, err
		}
	}
	var first error
	for order := range orders(a, b) {
		g := symbolic.New(order, symbolic.Limits{})
		d, err := difference(g, a, b)
		if err == nil {
			return g, d, nil
		}
		if first == nil {
			first = err
		}
		if !errors.Is(err, ErrUndecided) {
			break
		}
	}
	return nil, symbolic.Difference{}, first
}

// orders are those to try, that of the ABIs' byte order first.
func orders(sides ...Side) iter.Seq[symbolic.Order] {
	var meetings []uint16
	big, little := 0, 0
	for _, s := range sides {
		meetings = append(meetings, s.meets()...)
		for _, a := range s.abis() {
			if a.BigEndian() {
				big++
			} else {
				little++
			}
		}
	}
	return func(yield func(symbolic.Order) bool) {
		makers := []func() symbolic.Order{symbolic.LittleEndian, symbolic.BigEndian}
		if big > little {
			slices.Reverse(makers)
		}
		for _, order := range makers {
			o := order()
			if len(meetings) > 0 {
				o = o.Together(meetings)
			}
			if !yield(o) {
				return
			}
		}
	}
}

func difference(g *symbolic.Graph, a, b Side) (symbolic.Difference, error) {
	x, err := a.answers(g)
	if err != nil {
		return symbolic.Difference{}, err
	}
	y, err := b.answers(g)
	if err != nil {
		return symbolic.Difference{}, err
	}
	d := g.Differ(x, y)
	if err := g.Err(); err != nil {
		return symbolic.Difference{}, fmt.Errorf("%w: comparing the answers: %w", ErrUndecided, err)
	}
	return d, nil
}

// witness is a call for which answers differ, if possible one through an ABI of
// the list.
func witness(g *symbolic.Graph, d symbolic.Difference, abis []arch.Arch) (*Call, bool) {
	for _, a := range abis {
		if data, ok := g.Witness(g.Where(d, archWordIndex, a.Audit())); ok {
			return callOf(bpf.Data(data)), true
		}
	}
	data, ok := g.Witness(d)
	return callOf(bpf.Data(data)), ok
}

// callOf is the call whose Data is d.
func callOf(d bpf.Data) *Call {
	c := &Call{Audit: d[1], Nr: d[0]}
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
func meant(a Action) Action {
	switch a.Kind() {
	case errno:
		return errno | min(a&dataMask, MaxErrno)
	case trap, trace:
		return a
	case Allow, Log, Notify, KillThread:
		return a.Kind()
	}
	return KillProcess
}
