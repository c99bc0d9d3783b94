// SPDX-License-Identifier: Apache-2.0

package bpf

import (
	"errors"
	"fmt"

	"github.com/gosieve/sieve/internal/symbolic"
)

// ErrUndecided is a question about programs whose answer needs more memory or
// time than the prover may take, or that the kernel leaves open: what a shift by
// a register does that holds 32 or more.
var ErrUndecided = symbolic.ErrUndecided

// Equal decides whether two programs return the same value for every one of the
// 2^512 inputs. If they do not, witness is an input for which they differ.
//
// Values are compared as they are returned; what the kernel makes of them is
// seccomp.Diff's question. An error wraps ErrInvalid for a program that Check
// refuses, and ErrUndecided, with the instruction that it came to, where the
// diagrams grow beyond about 100 MB: products and quotients of input words, and
// sums of many, can.
func Equal(p, q Program) (witness *Data, equal bool, err error) {
	g, d, err := compare(p, q)
	if err != nil {
		return nil, false, err
	}
	if d.None() {
		return nil, true, nil
	}
	found, ok := g.Witness(d)
	if !ok {
		return nil, false, errUnspecified
	}
	w := Data(found)
	if p.Run(&w) == q.Run(&w) {
		panic(fmt.Sprintf("bpf: the prover says that programs differ for %x, and they do not", w))
	}
	return &w, false, nil
}

var errUnspecified = fmt.Errorf("%w: the programs differ only where a register that holds 32 or more shifts, which the kernel leaves open", ErrUndecided)

// compare finds where two programs differ. How large diagrams become depends on
// the order in which they look at words: there are two to try.
func compare(p, q Program) (*symbolic.Graph, symbolic.Difference, error) {
	for i, program := range []Program{p, q} {
		if err := program.Check(); err != nil {
			return nil, symbolic.Difference{}, fmt.Errorf("program %d: %w", i+1, err)
		}
	}
	a, b := symbolic.Code(p), symbolic.Code(q)
	meetings := append(symbolic.Meetings(a), symbolic.Meetings(b)...)
	var first error
	for _, order := range []symbolic.Order{symbolic.LittleEndian(), symbolic.BigEndian()} {
		g := symbolic.New(order.Together(meetings), symbolic.Limits{})
		d, err := difference(g, a, b)
		if err == nil {
			return g, d, nil
		}
		if first == nil {
			first = err
		}
		if !errors.Is(err, symbolic.ErrUndecided) {
			break
		}
	}
	return nil, symbolic.Difference{}, first
}

func difference(g *symbolic.Graph, p, q []symbolic.Instruction) (symbolic.Difference, error) {
	a, err := g.Explore(p)
	if err != nil {
		return symbolic.Difference{}, fmt.Errorf("program 1: %w", err)
	}
	b, err := g.Explore(q)
	if err != nil {
		return symbolic.Difference{}, fmt.Errorf("program 2: %w", err)
	}
	d := g.Differ(a, b)
	if err := g.Err(); err != nil {
		return symbolic.Difference{}, fmt.Errorf("%w: comparing the answers: %w", ErrUndecided, err)
	}
	return d, nil
}
