// SPDX-License-Identifier: Apache-2.0

package review

import (
	"fmt"
	"strings"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/proof"
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

// NumbersOf is the numbers of a change that have no name, in words.
func NumbersOf(c *Change) string {
	text := "numbers without a name: " + Numbers(c.ABI, c.Numbers)
	var sets []string
	for _, where := range c.Where {
		set := Arguments(c.ABI, "", where)
		for _, w := range where {
			if w.Index == proof.IndexNr {
				n := names{}
				v := valuesOf(w.Any, true)
				text = "numbers without a name: " + strings.ReplaceAll(n.set(&v), "arg0", "number")
			}
		}
		if set != "" {
			sets = append(sets, set)
		}
	}
	if len(sets) > 0 {
		text += ", with arguments " + strings.Join(sets, " or ")
	}
	return text
}

// Tokens is the AUDIT_ARCH tokens and the numbers of a change that no ABI has, in words.
func Tokens(c *Change) string {
	known := map[uint32]bool{}
	for _, a := range arch.All() {
		known[a.Audit()] = true
	}
	text := "all calls"
	if size(c.Numbers) != 1<<32 {
		text = "numbers " + Numbers(0, c.Numbers)
	}
	tokens := "all tokens that no ABI has"
	if size(c.Audits) != 1<<32-uint64(len(known)) {
		tokens = "tokens " + hexRanges(c.Audits)
	}
	n := names{hex: true}
	for _, where := range c.Where {
		for _, w := range where {
			v := valuesOf(w.Any, true)
			switch w.Index {
			case proof.IndexNr:
				text = "numbers with " + strings.ReplaceAll(n.set(&v), "arg0", "number")
			case proof.IndexAudit:
				tokens = "tokens with " + strings.ReplaceAll(n.set(&v), "arg0", "token")
			}
		}
		if set := Arguments(0, "", where); set != "" {
			text += ", with arguments " + set
		}
	}
	return text + " of " + tokens
}

// hexRanges writes tokens, of which a line has a few.
func hexRanges(list []seccomp.Range) string {
	var parts []string
	for i, r := range list {
		switch {
		case i == mostRanges:
			return strings.Join(parts, ", ") + fmt.Sprintf(", %d more ranges", len(list)-i)
		case r.From == r.To:
			parts = append(parts, fmt.Sprintf("%#x", r.From))
		default:
			parts = append(parts, fmt.Sprintf("%#x..%#x", r.From, r.To))
		}
	}
	return strings.Join(parts, ", ")
}
