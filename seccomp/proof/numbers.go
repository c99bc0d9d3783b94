// SPDX-License-Identifier: Apache-2.0

package proof

import (
	"slices"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/seccomp"
)

// part is numbers of an ABI and what is decided on them.
type segment struct {
	numbers  seccomp.Range
	outcomes []outcome
}

// numbersOf are the numbers that calls through an ABI can have (arch.Of).
func numbersOf(abi arch.Arch) []segment {
	base := arch.X32.Base()
	switch abi {
	case arch.X86_64:
		return []segment{{numbers: seccomp.Range{From: 0, To: base - 1}}, {numbers: seccomp.Range{From: maxWord, To: maxWord}}}
	case arch.X32:
		return []segment{{numbers: seccomp.Range{From: base, To: maxWord - 1}}}
	}
	return []segment{{numbers: seccomp.Range{From: 0, To: maxWord}}}
}

// ruleNumbers are an ABI's numbers that a rule speaks of.
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

// divide cuts parts where the numbers of a rule begin or end.
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

// common are the numbers of a range that are in parts.
func common(segments []segment, n seccomp.Range) []seccomp.Range {
	var list []seccomp.Range
	for _, p := range segments {
		if from, to := max(p.numbers.From, n.From), min(p.numbers.To, n.To); from <= to {
			list = append(list, seccomp.Range{From: from, To: to})
		}
	}
	return list
}

// name makes the rule one about numbers: by name, and where an ABI has none by
// range. A range with nothing but calls unnamed at its ends stays whole.
func nameRule(r *seccomp.Rule, abi arch.Arch, numbers []seccomp.Range) {
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
