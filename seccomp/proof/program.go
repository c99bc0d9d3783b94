// SPDX-License-Identifier: Apache-2.0

package proof

import (
	"fmt"
	"slices"

	"github.com/gosieve/sieve/bpf"
	"github.com/gosieve/sieve/internal/symbolic"
	"github.com/gosieve/sieve/seccomp"
)

// EqualPrograms decides whether two programs return the same value for every one of the
// 2^512 inputs. If they do not, witness is an input for which they differ.
//
// Values are compared as they are returned; what the kernel makes of them is Diff's
// question. An error wraps bpf.ErrInvalid for a program that Check refuses, and
// ErrUndecided, with the instruction that it came to, where the limits (seccomp.Within)
// are met: products and quotients of input words, and sums of many, can.
func EqualPrograms(p, q bpf.Program, opts ...seccomp.Option) (witness *bpf.Data, equal bool, err error) {
	asked, err := programQuestion(p, q, limitsOf(opts))
	if err != nil {
		return nil, false, err
	}
	found, err := asked.Decide()
	if err != nil {
		return nil, false, err
	}
	if found == nil {
		return nil, true, nil
	}
	w := bpf.Data(*found)
	if p.Run(&w) == q.Run(&w) {
		panic(fmt.Sprintf("proof: the prover says that programs differ for %x, and they do not", w))
	}
	return &w, false, nil
}

// programQuestion asks whether two programs are equal.
func programQuestion(p, q bpf.Program, limits symbolic.Limits) (*symbolic.Question, error) {
	for i, program := range []bpf.Program{p, q} {
		if err := program.Check(); err != nil {
			return nil, fmt.Errorf("program %d: %w", i+1, err)
		}
	}
	a, b := symbolic.Code(p), symbolic.Code(q)
	return &symbolic.Question{
		Limits:   limits,
		Orders:   []func() symbolic.Order{symbolic.LittleEndian, symbolic.BigEndian},
		Meetings: append(symbolic.Meetings(a), symbolic.Meetings(b)...),
		Hard:     symbolic.Hard(a) || symbolic.Hard(b),
		Same:     slices.Equal(p, q),
		Cost:     len(p) + len(q),
		Ask: func(g *symbolic.Graph) ([]symbolic.Difference, error) {
			x, err := g.Explore(a)
			if err != nil {
				return nil, fmt.Errorf("program 1: %w", err)
			}
			y, err := g.Explore(b)
			if err != nil {
				return nil, fmt.Errorf("program 2: %w", err)
			}
			return g.Differ(x, y), nil
		},
		Differs: func(d *symbolic.Data) bool {
			w := bpf.Data(*d)
			return p.Run(&w) != q.Run(&w)
		},
	}, nil
}
