// SPDX-License-Identifier: Apache-2.0

package seccomp

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/gosieve/sieve/bpf"
	"github.com/gosieve/sieve/internal/decision"
)

// programs lays a decision out. If that takes more than one program, each decides
// its own part of the calls and allows the rest: the kernel takes the most
// restrictive answer, which is then the policy's.
func (c *compiler) programs(n decision.Node, price decision.Price) (Filter, error) {
	if program, ok := c.fit(n, price); ok {
		return Filter{program}, nil
	}
	allow := c.Leaf(uint32(Allow))
	var filter Filter
	if notify := uint32(Notify); c.Answers(n, notify) {
		// A thread can have one listener, and only the program that it was made
		// with can ask it.
		keep := func(same bool) decision.Node {
			return c.Map(n, func(value uint32) decision.Node {
				if (value == notify) == same {
					return c.Leaf(value)
				}
				return allow
			})
		}
		asks := c.Layout(keep(true), price)
		if len(asks) > bpf.MaxInstructions {
			return nil, fmt.Errorf("%w: the decisions that ask a supervisor need %d instructions, the kernel takes %d and one such program",
				bpf.ErrTooLong, len(asks), bpf.MaxInstructions)
		}
		filter, n = append(filter, asks), keep(false)
	}
	filter = c.divide(filter, n, allow, price)
	c.lockLast(filter)
	return filter, nil
}

// lockLast puts the program that denies seccomp(2) itself behind all others: they
// could not be installed after it. Launchers make that call through the policy's
// first ABI.
func (c *compiler) lockLast(filter Filter) {
	abi := c.policy.Arches[0]
	nr, _ := abi.Number("seccomp")
	call := Call{Audit: abi.Audit(), Nr: nr, Args: [6]uint64{1}} // SECCOMP_SET_MODE_FILTER, linux/seccomp.h
	slices.SortStableFunc(filter, func(p, q bpf.Program) int {
		return -cmp.Compare(Filter{p}.Run(&call).Rank(), Filter{q}.Run(&call).Rank())
	})
}

// fit is the program of a decision, if it is not too long.
func (c *compiler) fit(n decision.Node, price decision.Price) (program bpf.Program, ok bool) {
	if c.Spans() > 2*bpf.MaxInstructions && c.Size(n) > 2*bpf.MaxInstructions {
		return nil, false // an instruction tells at most two spans apart
	}
	program = c.Layout(n, price)
	return program, len(program) <= bpf.MaxInstructions
}

// divide appends the programs of a decision.
func (c *compiler) divide(filter Filter, n, allow decision.Node, price decision.Price) Filter {
	if n == allow {
		return filter
	}
	if program, ok := c.fit(n, price); ok {
		return append(filter, program)
	}
	a, b := c.Split(n, allow)
	return c.divide(c.divide(filter, a, allow, price), b, allow, price)
}
