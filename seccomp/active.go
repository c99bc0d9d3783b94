// SPDX-License-Identifier: Apache-2.0

package seccomp

import "math/bits"

// active is a set of rules, each of which may be in it several times.
type active struct {
	times []int32  // by rule
	held  []uint64 // a bit for each rule that is in it
}

// clear makes the set empty, and ready for so many rules.
func (a *active) clear(rules int) {
	a.times, a.held = make([]int32, rules), make([]uint64, (rules+63)/64)
}

func (a *active) add(rule int32) {
	a.times[rule]++
	a.held[rule/64] |= 1 << (rule % 64)
}

func (a *active) remove(rule int32) {
	if a.times[rule]--; a.times[rule] == 0 {
		a.held[rule/64] &^= 1 << (rule % 64)
	}
}

// next is the first rule of the set from rule on, or -1.
func (a *active) next(rule int32) int32 {
	word := int(rule / 64)
	if word >= len(a.held) {
		return -1
	}
	for rest := a.held[word] &^ (1<<(rule%64) - 1); ; rest = a.held[word] {
		if rest != 0 {
			return int32(64*word + bits.TrailingZeros64(rest))
		}
		if word++; word == len(a.held) {
			return -1
		}
	}
}

// cost is how many steps it takes to go through the set, beside its rules.
func (a *active) cost() int { return 1 + len(a.held)/8 }
