// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"slices"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/seccomp"
)

// maxWord is the largest number, and the largest value of half an argument.
const maxWord = ^uint32(0)

// segment is a range of an ABI's numbers, and the rules for all of them. The list is filled
// in once, when all policies have cut the ranges.
type segment struct {
	numbers  seccomp.Range
	outcomes []Outcome
}

// NumbersOf are the numbers that calls of an ABI can have. Only x86_64 and x32 share a
// token and divide the numbers: x32 has those from 1<<30 on but for ^0, the number
// of a call that a tracer skips (arch.Of).
func NumbersOf(abi arch.Arch) []segment {
	base := arch.X32.Base()
	switch abi {
	case arch.X86_64:
		return []segment{{numbers: seccomp.Range{From: 0, To: base - 1}}, {numbers: seccomp.Range{From: maxWord, To: maxWord}}}
	case arch.X32:
		return []segment{{numbers: seccomp.Range{From: base, To: maxWord - 1}}}
	}
	return []segment{{numbers: seccomp.Range{From: 0, To: maxWord}}}
}

// ruleNumbers are the numbers of an ABI that a rule names, by name or by range.
func ruleNumbers(r *seccomp.Rule, abi arch.Arch) []seccomp.Range {
	if len(r.Arches) > 0 && !slices.Contains(r.Arches, abi) {
		return nil
	}
	list := slices.Clone(r.Numbers)
	for _, name := range r.Syscalls {
		if nr, ok := abi.Number(name); ok {
			list = append(list, seccomp.Range{From: nr, To: nr})
		}
	}
	return list
}

// divide cuts segments where the numbers of some rule of a policy begin or end. Within a
// segment of the result the policy has the same rules for all numbers.
func divide(p *seccomp.Policy, abi arch.Arch, segments []segment) []segment {
	if !slices.Contains(p.Arches, abi) {
		return segments
	}
	var starts []uint32
	for i := range p.Rules {
		for _, n := range ruleNumbers(&p.Rules[i], abi) {
			starts = append(starts, n.From)
			if n.To < maxWord {
				starts = append(starts, n.To+1)
			}
		}
	}
	slices.Sort(starts)
	starts = slices.Compact(starts)
	var cut []segment
	for _, x := range segments {
		i, _ := slices.BinarySearch(starts, x.numbers.From)
		for ; i < len(starts) && starts[i] <= x.numbers.To; i++ {
			if s := starts[i]; s > x.numbers.From {
				cut = append(cut, segment{numbers: seccomp.Range{From: x.numbers.From, To: s - 1}})
				x.numbers.From = s
			}
		}
		cut = append(cut, x)
	}
	return cut
}

// Common are the numbers of a range that belong to the segments: of 0..^0 on x86_64 all but
// x32's.
func Common(segments []segment, n seccomp.Range) []seccomp.Range {
	var list []seccomp.Range
	for _, p := range segments {
		if from, to := max(p.numbers.From, n.From), min(p.numbers.To, n.To); from <= to {
			list = append(list, seccomp.Range{From: from, To: to})
		}
	}
	return list
}

// NameRule lets a rule name the numbers: by name where the ABI has one that leads back to
// the number, and by range otherwise. Adjacent numbers without names stay one range.
func NameRule(r *seccomp.Rule, abi arch.Arch, numbers []seccomp.Range) {
	for _, n := range numbers {
		from := uint64(n.From)
		for nr, name := range abi.Calls() {
			if nr < n.From || nr > n.To || uint64(nr) < from {
				continue
			}
			if back, ok := abi.Number(name); !ok || back != nr {
				continue
			}
			if uint64(nr) > from {
				r.Numbers = append(r.Numbers, seccomp.Range{From: uint32(from), To: nr - 1})
			}
			r.Syscalls = append(r.Syscalls, name)
			from = uint64(nr) + 1
		}
		if from <= uint64(n.To) {
			r.Numbers = append(r.Numbers, seccomp.Range{From: uint32(from), To: n.To})
		}
	}
}
