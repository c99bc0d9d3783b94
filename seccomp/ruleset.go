// SPDX-License-Identifier: Apache-2.0

package seccomp

import "math/bits"

// ruleSet is a set of rules, each of which may be in it several times.
type ruleSet struct {
	times []int32  // by rule
	held  []uint64 // a bit for each rule that is in it
}

// clear makes the set empty, and ready for so many rules.
func (s *ruleSet) clear(rules int) {
	s.times, s.held = make([]int32, rules), make([]uint64, (rules+63)/64)
}

func (s *ruleSet) add(rule int32) {
	s.times[rule]++
	s.held[rule/64] |= 1 << (rule % 64)
}

func (s *ruleSet) remove(rule int32) {
	if s.times[rule]--; s.times[rule] == 0 {
		s.held[rule/64] &^= 1 << (rule % 64)
	}
}

// next is the first rule of the set from rule on, or -1.
func (s *ruleSet) next(rule int32) int32 {
	word := int(rule / 64)
	if word >= len(s.held) {
		return -1
	}
	for rest := s.held[word] &^ (1<<(rule%64) - 1); ; rest = s.held[word] {
		if rest != 0 {
			return int32(64*word + bits.TrailingZeros64(rest))
		}
		if word++; word == len(s.held) {
			return -1
		}
	}
}

// cost is how many steps it takes to go through the set, beside its rules.
func (s *ruleSet) cost() int { return 1 + len(s.held)/8 }
