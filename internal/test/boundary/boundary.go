// SPDX-License-Identifier: Apache-2.0

// Package boundary lists the calls at which a policy's answer may change, for
// tests that compare a policy with something that should answer like it: a filter in
// the interpreter or in the kernel, the filter of another compiler, or the policy that
// another tool reads from the same document.
//
// A filter divides 2^512 calls into a few regions, and mistakes are made at their
// borders: an off-by-one, a half that is not compared, a sign. Random calls hit a border
// of 64 bits never. Calls therefore takes the constants of the policy and goes one step
// to each side of them, in both halves of an argument and at each bit of a mask.
//
// What it does not find: a border that stands nowhere in the policy (a filter that
// denies the one value 12345 of its own accord), and mistakes that need two arguments to
// be wrong at once. Package seccomp/proof finds those, as it looks at all calls.
package boundary

import (
	"iter"
	"slices"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/seccomp"
)

// Calls yields calls of every ABI of the policy and of some that it does not list: every
// number that a rule names and its neighbours, the numbers in more, and for each number
// the arguments that its rules' conditions just meet or just miss, in both halves.
// The same policy yields the same calls, in the same order. A call is valid until the
// next one is yielded.
func Calls(p *seccomp.Policy, more ...uint32) iter.Seq[*seccomp.Call] {
	return func(yield func(*seccomp.Call) bool) {
		for _, token := range tokens(p) {
			for _, nr := range numbers(p, token, more) {
				if !arguments(p, token, nr, yield) {
					return
				}
			}
		}
	}
}

// Uniform is the numbers from first to last, both included, for Calls.
func Uniform(first, last int64) []uint32 {
	var numbers []uint32
	for nr := first; nr <= last; nr++ {
		numbers = append(numbers, uint32(nr))
	}
	return numbers
}

// tokens are the AUDIT_ARCH tokens of the policy's ABIs, the token after each of them,
// one of an ABI that the policy does not list, and three that no ABI has.
func tokens(p *seccomp.Policy) []uint32 {
	tokens := []uint32{0, 0x40000000, 0xffffffff}
	for _, a := range p.Arches {
		tokens = append(tokens, a.Audit(), a.Audit()+1)
	}
	for _, a := range []arch.Arch{arch.X86_64, arch.X86, arch.S390X} {
		if !slices.Contains(p.Arches, a) {
			tokens = append(tokens, a.Audit())
			break
		}
	}
	slices.Sort(tokens)
	return slices.Compact(tokens)
}

// numbers are those in more, those that the rules for a token name, with one below and
// above, and the borders of x32's numbers and of 32 bits with and without sign. Numbers of
// x32 are tried under every token: only x86_64's knows them.
func numbers(p *seccomp.Policy, token uint32, more []uint32) []uint32 {
	x32 := arch.X32.Base()
	all := append([]uint32{0, 1, x32 - 1, x32, x32 + 1, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff}, more...)
	around := func(nr uint32) { all = append(all, nr-1, nr, nr+1) }
	for i := range p.Rules {
		r := &p.Rules[i]
		for _, a := range p.Arches {
			if a.Audit() != token {
				continue
			}
			for _, name := range r.Syscalls {
				if nr, ok := a.Number(name); ok {
					around(nr)
				}
			}
		}
		for _, n := range r.Numbers {
			around(n.From)
			around(n.To)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// arguments yields the calls of one number: from each starting point, every argument in
// turn takes every value that a condition on it speaks of. All combinations of values
// would be too many, and a rule needs all of its conditions: from a start that the rule
// matches, one wrong argument must be enough to lose the match. It returns false when the
// loop over the calls has ended.
func arguments(p *seccomp.Policy, token, nr uint32, yield func(*seccomp.Call) bool) bool {
	values, starts := conditions(p, token, nr)
	for _, start := range starts {
		c := seccomp.Call{Audit: token, Nr: nr, IP: 0x7fff12345678, Args: start}
		if !yield(&c) {
			return false
		}
		for i := range c.Args {
			for _, v := range values[i] {
				c = seccomp.Call{Audit: token, Nr: nr, Args: start}
				c.Args[i] = v
				if !yield(&c) {
					return false
				}
			}
		}
	}
	return true
}

// conditions collects, of the rules for a number, the values of each argument and one
// argument list that each rule matches. Lists of zeros and of ones are there for every
// number.
func conditions(p *seccomp.Policy, token, nr uint32) (values [6][]uint64, starts [][6]uint64) {
	abi, ok := arch.Of(token, nr)
	starts = [][6]uint64{{}, {^uint64(0), ^uint64(0), ^uint64(0), ^uint64(0), ^uint64(0), ^uint64(0)}}
	if !ok {
		return values, starts
	}
	for i := range p.Rules {
		r := &p.Rules[i]
		if len(r.Args) == 0 || !r.Names(abi, nr) {
			continue
		}
		var start [6]uint64
		for _, a := range r.Args {
			values[a.Index] = append(values[a.Index], near(a)...)
			start[a.Index] = Meets(a)
		}
		starts = append(starts, start)
	}
	for i := range values {
		slices.Sort(values[i])
		values[i] = slices.Compact(values[i])
	}
	slices.SortFunc(starts, func(a, b [6]uint64) int { return slices.Compare(a[:], b[:]) })
	return values, slices.Compact(starts)
}

// near are the values at which a condition's answer can change: the constant with one
// less and one more, in each half alone as well, and for a mask each bit that could be
// forgotten or looked at without need.
func near(a seccomp.Arg) []uint64 {
	var all []uint64
	add := func(v uint64) {
		const high = 1 << 32
		all = append(all, v-1, v, v+1, v-high, v+high, v&0xffffffff, v|0xffffffff<<32, v|0xffffffff)
	}
	add(a.Value)
	if a.Op == seccomp.MaskedEQ {
		add(a.Value & a.Mask)
		add(a.Value | ^a.Mask)
		add(a.Mask)
		add(^a.Mask)
		for bit := uint64(1); bit != 0; bit <<= 1 {
			all = append(all, a.Value&a.Mask^bit)
		}
	}
	return all
}

// Meets is a value for which the condition holds, if there is one. There is none for
// "less than 0" and for "greater than 2^64-1".
func Meets(a seccomp.Arg) uint64 {
	switch a.Op {
	case seccomp.NE, seccomp.GT:
		return a.Value + 1
	case seccomp.LT:
		return a.Value - 1
	case seccomp.MaskedEQ:
		return a.Value & a.Mask
	}
	return a.Value
}
