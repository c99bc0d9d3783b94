// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"fmt"
	"slices"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/symbolic"
	"github.com/gosieve/sieve/seccomp"
)

// maxCombined is how many rules a combined policy may have. It bounds the memory: the
// rules of a call in the result can be the product of those in both policies.
const maxCombined = 1 << 16

// errCombined wraps ErrUndecided: a policy exists, and is too large to be written.
var errCombined = fmt.Errorf("%w: the policies together need more than %d rules", symbolic.ErrUndecided, maxCombined)

// Choice is the action for a call that two policies answer with a and b: the stricter one for
// an intersection, the weaker one for a union. It must depend on the two actions alone.
type Choice func(a, b seccomp.Action) seccomp.Action

// Combine makes one policy of two: every call gets what choose makes of the answers of both.
// The error wraps symbolic.ErrUndecided where the result would need more rules than maxCombined.
func Combine(a, b *seccomp.Policy, choose Choice) (*seccomp.Policy, error) {
	c := combiner{a: a, b: b, choose: choose}
	if err := c.combine(); err != nil {
		return nil, err
	}
	return &c.Policy, nil
}

// combiner makes one policy of two. For each ABI it divides the numbers into segments in
// which neither policy changes its rules, multiplies the rules of each segment
// (product.go), and writes segments with equal rules as one block.
type combiner struct {
	seccomp.Policy
	a, b   *seccomp.Policy
	choose Choice
	blocks []*block
	index  map[string]*block
}

// block is the calls, of any ABI, that are decided by equal rules.
type block struct {
	outcomes []Outcome
	items    *Group
}

// combine makes the policy. Default and BadArch are chosen like any other answer; an
// ABI whose calls all get BadArch is left out.
func (c *combiner) combine() error {
	c.Default, c.BadArch = c.choose(c.a.Default, c.b.Default), c.choose(c.a.BadArch, c.b.BadArch)
	c.index = map[string]*block{}
	for _, abi := range append(slices.Clone(c.a.Arches), c.b.Arches...) {
		if slices.Contains(c.Arches, abi) {
			continue
		}
		segments, err := c.segments(abi)
		if err != nil {
			return err
		}
		if !c.foreign(segments) {
			c.Arches = append(c.Arches, abi)
			c.add(abi, segments)
		}
	}
	return c.write()
}

// foreign says whether all calls of an ABI get BadArch, so that it need not be listed.
func (c *combiner) foreign(segments []segment) bool {
	return !slices.ContainsFunc(segments, func(p segment) bool { return !decides(p.outcomes, c.BadArch) })
}

// segments are an ABI's numbers in order, each with its rules in the result.
func (c *combiner) segments(abi arch.Arch) ([]segment, error) {
	segments := NumbersOf(abi)
	for _, p := range []*seccomp.Policy{c.a, c.b} {
		segments = divide(p, abi, segments)
	}
	left, right := outcomesOf(c.a, abi, segments), outcomesOf(c.b, abi, segments)
	for i := range segments {
		list, err := c.product(abi, left[i], right[i])
		if err != nil {
			return nil, err
		}
		segments[i].outcomes = list
	}
	return segments, nil
}

// add puts an ABI's segments into blocks. Adjacent segments with equal rules become one
// range. Segments that get the default alone need no rule.
func (c *combiner) add(abi arch.Arch, segments []segment) {
	numbers := map[*block][]seccomp.Range{}
	var order []*block
	for _, p := range segments {
		if decides(p.outcomes, c.Default) {
			continue
		}
		key := Key(p.outcomes...)
		b := c.index[key]
		if b == nil {
			b = &block{outcomes: p.outcomes, items: NewGroup(p.outcomes)}
			c.index[key] = b
			c.blocks = append(c.blocks, b)
		}
		list := numbers[b]
		if list == nil {
			order = append(order, b)
		}
		if n := len(list); n > 0 && list[n-1].To+1 == p.numbers.From {
			list[n-1].To = p.numbers.To
		} else {
			list = append(list, p.numbers)
		}
		numbers[b] = list
	}
	for _, b := range order {
		var r seccomp.Rule
		NameRule(&r, abi, numbers[b])
		for _, name := range r.Syscalls {
			b.items.Add(Item{Name: name}, len(c.Arches)-1)
		}
		for _, n := range r.Numbers {
			b.items.Add(Item{Numbers: n}, len(c.Arches)-1)
		}
	}
}

// write makes the rules of the blocks. Blocks have no call in common, so their order does
// not matter; within a block the rules stay in order.
func (c *combiner) write() error {
	for _, b := range c.blocks {
		list := b.outcomes
		if n := len(list); list[n-1].Action == c.Default {
			list = list[:n-1]
		}
		b.items.list = list
		c.Rules = append(c.Rules, b.items.Rules(c.Arches)...)
		if len(c.Rules) > maxCombined {
			return errCombined
		}
	}
	return nil
}
