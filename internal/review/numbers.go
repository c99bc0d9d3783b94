// SPDX-License-Identifier: Apache-2.0

package review

import (
	"fmt"
	"strings"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/seccomp"
)

// unnamed are the numbers of ranges that have no name on the ABI.
func unnamed(abi arch.Arch, ranges []seccomp.Range) []seccomp.Range {
	var list []seccomp.Range
	for _, r := range ranges {
		next := uint64(r.From)
		for nr := range abi.Calls() { // in the order of numbers
			if uint64(nr) < next || nr > r.To {
				continue
			}
			if uint64(nr) > next {
				list = append(list, seccomp.Range{From: uint32(next), To: nr - 1})
			}
			next = uint64(nr) + 1
		}
		if next <= uint64(r.To) {
			list = append(list, seccomp.Range{From: uint32(next), To: r.To})
		}
	}
	return list
}

// mostRanges is how many ranges of numbers one line has.
const mostRanges = 12

// Numbers writes numbers that have no name: "numbers without a name: 467 up to x32's". The
// borders that are not the profile's own are named: x86_64 and x32 share a token and
// divide its numbers at 0x40000000, and -1 is what a tracer sets to skip a call.
func Numbers(abi arch.Arch, ranges []seccomp.Range) string {
	var parts []string
	for i, r := range ranges {
		if i == mostRanges {
			parts = append(parts, fmt.Sprintf("%d more ranges", len(ranges)-i))
			break
		}
		parts = append(parts, numberRange(abi, r))
	}
	return strings.Join(parts, ", ")
}

func numberRange(abi arch.Arch, r seccomp.Range) string {
	from := fmt.Sprint(r.From)
	if abi == arch.X32 && r.From >= abi.Base() {
		from = fmt.Sprintf("0x%x", r.From)
	}
	switch {
	case r.From == 1<<32-1:
		return "-1"
	case r.From == r.To:
		return from
	case abi == arch.X86_64 && r.To == arch.X32.Base()-1:
		return from + " up to x32's (0x40000000)"
	case abi == arch.X32 && r.To == 1<<32-2, r.To == 1<<32-1:
		return from + " and above"
	case abi == arch.X32:
		return fmt.Sprintf("%s..0x%x", from, r.To)
	}
	return fmt.Sprintf("%s..%d", from, r.To)
}
