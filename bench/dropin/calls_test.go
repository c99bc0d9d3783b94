// SPDX-License-Identifier: Apache-2.0

package dropin

import (
	"maps"
	"math/rand/v2"
	"slices"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/seccomp"
)

// samples is how many calls are drawn for each rule of a number, up to four.
const samples = 60

// visit visits calls at the borders of the policy's rules in both readings, on its ABIs and on
// one more.
func (b *both) visit(r *rand.Rand, visit func(*seccomp.Call)) {
	others := []abi{native, {Arch: arch.X32}, {Arch: arch.AArch64}, {Arch: arch.LoongArch64}, {Arch: arch.PPC64}}
	for _, a := range append(slices.Clone(b.arches), others[r.IntN(len(others))]) {
		for _, nr := range b.numbers(a) {
			c := seccomp.Call{Audit: a.Audit(), Nr: nr}
			var conditions []condition
			rules := 0
			for _, m := range []*model{b.meant, b.own} {
				found, width, _ := m.find(&c)
				list := found.entries(width)
				for _, e := range list {
					conditions = append(conditions, e.conditions...)
				}
				rules = max(rules, len(list))
			}
			around(r, &c, conditions, samples*min(rules, 4), visit)
		}
	}
}

// numbers are those that a rule names on the ABI, or has a rule for in either reading, their
// neighbours, and some that none names.
func (b *both) numbers(a abi) []uint32 {
	list := map[uint32]bool{0xffffffff: true, a.Base(): true, a.Base() + 1000: true}
	for i := range b.rules {
		if nr, ok := a.Number(b.rules[i].Name); ok {
			list[nr-1], list[nr], list[nr+1] = true, true, true
		} else if b.rules[i].Name == "" {
			list[uint32(b.rules[i].Call)] = true
		}
	}
	if j := slices.Index(b.arches, a); j >= 0 {
		for _, m := range []*model{b.meant, b.own} {
			for k := range m.calls[j] {
				if k.name == "" {
					list[k.nr] = true
				}
			}
		}
	}
	return slices.Sorted(maps.Keys(list))
}

// around visits a call with all arguments 0, with all ones, and n times with arguments at
// which some of the conditions change.
func around(r *rand.Rand, c *seccomp.Call, conditions []condition, n int, visit func(*seccomp.Call)) {
	visit(c)
	const ones = ^uint64(0)
	c.Args = [6]uint64{ones, ones, ones, ones, ones, ones}
	visit(c)
	var values [6][]uint64
	for _, d := range conditions {
		values[d.index] = append(values[d.index], near(d, r)...)
	}
	for range n {
		for i, v := range values {
			c.Args[i] = 0
			if len(v) > 0 {
				c.Args[i] = v[r.IntN(len(v))]
			}
		}
		visit(c)
	}
}

// near are values at which a condition changes: in the whole argument, in either half, and at
// the bits of a mask.
func near(c condition, r *rand.Rand) []uint64 {
	const half = uint64(1) << 32
	v := c.value
	list := []uint64{v, v, v, v - 1, v + 1, v + half, v - half, v &^ (half - 1), v | (half - 1), v & (half - 1), v ^ half}
	if c.op == MaskedEQ {
		list = append(list, v|^c.mask, v|r.Uint64()&^c.mask, v^(c.mask&-c.mask), v^c.mask)
	}
	return list
}
