// SPDX-License-Identifier: Apache-2.0

package main

import (
	"math/rand/v2"
	"slices"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/test/boundary"
	"github.com/gosieve/sieve/seccomp"
)

// The numbers that a filter is asked about: those that the tables' mean is taken
// over, and more, where only decisions are compared.
const (
	lastUniform = 470
	lastAsked   = 600
)

// mixed is how many calls with arguments drawn from several rules are made of
// each number that several speak of: where rules overlap, single steps from one
// of them do not meet every border. The draw is the same in every run.
const mixed = 300

// points calls visit with every call at a boundary of the policy: on each of
// some ABIs, listed or not, the numbers 0 to 600 and the last one, with each
// argument at each constant that a rule compares it with, one below and above
// in either half, while the others are as a rule wants them, all zero or all
// ones; and mixtures of these.
func points(p *seccomp.Policy, visit func(*seccomp.Call)) {
	for _, abi := range []arch.Arch{arch.X86_64, arch.X86, arch.X32, arch.AArch64, arch.S390X} {
		for nr := uint32(0); nr <= lastAsked; nr++ {
			around(p, abi, abi.Base()+nr, visit)
		}
		around(p, abi, 0xffffffff, visit)
	}
}

// around is points for one number.
func around(p *seccomp.Policy, abi arch.Arch, nr uint32, visit func(*seccomp.Call)) {
	rules := rulesFor(p, abi, nr)
	bases := [][6]uint64{{}, {^uint64(0), ^uint64(0), ^uint64(0), ^uint64(0), ^uint64(0), ^uint64(0)}}
	var values [6][]uint64
	for _, r := range rules {
		var base [6]uint64
		for _, a := range r.Args {
			base[a.Index] = boundary.Meets(a)
			values[a.Index] = append(values[a.Index], near(a)...)
		}
		bases = append(bases, base)
	}
	c := seccomp.Call{Audit: abi.Audit(), Nr: nr}
	for _, c.Args = range bases {
		visit(&c)
		base := c.Args
		for i := range values {
			for _, c.Args[i] = range values[i] {
				visit(&c)
			}
			c.Args[i] = base[i]
		}
	}
	if len(rules) < 2 {
		return
	}
	mix := rand.New(rand.NewPCG(uint64(nr), uint64(abi)))
	for range mixed {
		for i, v := range values {
			c.Args[i] = bases[mix.IntN(len(bases))][i]
			if len(v) > 0 && mix.IntN(2) == 0 {
				c.Args[i] = v[mix.IntN(len(v))]
			}
		}
		visit(&c)
	}
}

// rulesFor are the rules with conditions that speak of the number.
func rulesFor(p *seccomp.Policy, abi arch.Arch, nr uint32) []*seccomp.Rule {
	name, ok := abi.Name(nr)
	if !ok {
		return nil
	}
	var list []*seccomp.Rule
	for i := range p.Rules {
		if r := &p.Rules[i]; len(r.Args) > 0 && slices.Contains(r.Syscalls, name) {
			list = append(list, r)
		}
	}
	return list
}

// near are the values at which the condition's answer can change.
func near(a seccomp.Arg) []uint64 {
	v, half := a.Value, uint64(1)<<32
	list := []uint64{0, half, v &^ (half - 1), v | (half - 1), ^uint64(0)}
	for _, v := range []uint64{v - 1, v, v + 1} {
		list = append(list, v-half, v, v+half)
	}
	if a.Op != seccomp.MaskedEQ {
		return list
	}
	list = append(list, v&a.Mask, v|^a.Mask, v^a.Mask, a.Mask, ^a.Mask)
	for bit := uint64(1); bit != 0; bit <<= 1 {
		if a.Mask&bit != 0 {
			list = append(list, v^bit)
		}
	}
	return list
}
