// SPDX-License-Identifier: Apache-2.0

package seccomp

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/gosieve/sieve/bpf"
	"github.com/gosieve/sieve/internal/decision"
)

// layOutStack lays a decision out. If that takes more than one program, each decides
// its own part of the calls and allows the rest: the kernel takes the most
// restrictive answer, which is then the policy's.
func (c *compiler) layOutStack(n decision.Node, price decision.Price) (Filter, error) {
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
		asks, ok := c.fit(keep(true), price)
		if !ok {
			return nil, c.tooLong(fmt.Sprintf("the decisions that ask a supervisor need more than %d instructions, and all must stand in one program", bpf.MaxInstructions))
		}
		filter, n = append(filter, asks), keep(false)
	}
	filter, err := c.divide(filter, n, allow, price, 0)
	if err != nil {
		return nil, err
	}
	return filter, c.lockLast(filter)
}

// lockLast puts the program that denies seccomp(2) itself behind all others: they
// could not be installed after it. Launchers make that call through the ABI of
// the machine.
func (c *compiler) lockLast(filter Filter) error {
	if len(c.policy.Arches) == 0 {
		return nil // every call gets one answer
	}
	abi := c.policy.Arches[0]
	nr, _ := abi.Number("seccomp")
	call := Call{Audit: abi.Audit(), Nr: nr, Args: [6]uint64{1}} // SECCOMP_SET_MODE_FILTER, linux/seccomp.h
	slices.SortStableFunc(filter, func(p, q bpf.Program) int {
		return -cmp.Compare(Filter{p}.Run(&call).Rank(), Filter{q}.Run(&call).Rank())
	})
	for _, t := range c.ties {
		if !t.holds(filter) {
			return c.tooLong("the rules for seccomp itself cannot be divided among programs")
		}
	}
	return nil
}

// tie is programs that may give answers of equal rank to the same call: the kernel
// takes that of the one which runs first, and the last one installed does.
type tie struct{ before, after []bpf.Program } // as they are installed

// holds says whether all programs of before are installed before all of after.
func (t tie) holds(filter Filter) bool {
	at := func(p bpf.Program) int {
		return slices.IndexFunc(filter, func(q bpf.Program) bool { return &p[0] == &q[0] })
	}
	for _, p := range t.before {
		for _, q := range t.after {
			if at(p) > at(q) {
				return false
			}
		}
	}
	return true
}

// fit is the program of a decision, if it is not too long.
func (c *compiler) fit(n decision.Node, price decision.Price) (program bpf.Program, ok bool) {
	if c.Spans() > 2*bpf.MaxInstructions && c.Size(n) > 2*bpf.MaxInstructions {
		return nil, false // an instruction tells at most two spans apart
	}
	program = c.Layout(n, price)
	return program, len(program) <= bpf.MaxInstructions
}

// mostStuck is how many divisions in a row may leave a part as large as it was. A part that
// several ABIs share is in both halves until one ABI is alone, and at most a handful of ABIs
// run beside each other.
const mostStuck = 5

// divide appends the programs of a decision. stuck counts the consecutive splits that did
// not reduce the size.
func (c *compiler) divide(filter Filter, n, allow decision.Node, price decision.Price, stuck int) (Filter, error) {
	if n == allow {
		return filter, nil
	}
	if program, ok := c.fit(n, price); ok {
		if c.length += program.ExtendedLen() + chainCost; c.length > maxChain+chainCost {
			return nil, c.tooLong(fmt.Sprintf("the kernel takes %d instructions in all programs together, and more are needed", maxChain))
		}
		return append(filter, program), nil
	}
	byRules := false
	a, b := c.Split(n, allow, func(n decision.Node) (a, b decision.Node, ok bool) {
		a, b, ok = c.halves(n)
		byRules = byRules || ok
		return a, b, ok
	})
	if size := c.Size(n); max(c.Size(a), c.Size(b)) <= size-size/32 {
		stuck = 0
	} else if stuck++; stuck > mostStuck {
		return nil, c.tooLong(fmt.Sprintf("the kernel takes %d instructions in a program, more are needed, and the rules cannot be divided among several", bpf.MaxInstructions))
	}
	if byRules {
		a, b = b, a // the first rules' program runs first
	}
	start := len(filter)
	filter, err := c.divide(filter, a, allow, price, stuck)
	if err != nil {
		return nil, err
	}
	middle := len(filter)
	if filter, err = c.divide(filter, b, allow, price, stuck); err == nil && byRules {
		c.ties = append(c.ties, tie{slices.Clone(filter[start:middle]), slices.Clone(filter[middle:])})
	}
	return filter, err
}
