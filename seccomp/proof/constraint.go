// SPDX-License-Identifier: Apache-2.0

package proof

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gosieve/sieve/internal/symbolic"
)

// Where is a condition on a part of the call: its value is in one of the sets,
// which are disjoint.
type Constraint struct {
	Index int // of the argument, 0 to 5, or one of the constants below
	Any   []MaskedRange
}

// What a Where may be about besides arguments. Numbers and tokens are in Numbers and
// Audits unless some of their bits decide, as in a filter that tests those.
const (
	IndexIP = 6 + iota
	IndexNr
	IndexAudit
)

// Values are those which, with their bits outside Mask cleared, are From to To.
type MaskedRange struct{ Mask, From, To uint64 }

func (w Constraint) holds(v uint64) bool {
	return slices.ContainsFunc(w.Any, func(s MaskedRange) bool { return s.From <= v&s.Mask && v&s.Mask <= s.To })
}

// join makes conditions on 64 bits of those on the halves: one, if the high half
// is a single value or the low one is free.
func join(index int, high, low []symbolic.Set) []Constraint {
	if high == nil && low == nil {
		return nil
	}
	free := []symbolic.Set{{Mask: 0, From: 0, To: 0}}
	lowHalf, highHalf := Constraint{Index: index}, Constraint{Index: index}
	both, single := Constraint{Index: index}, true
	for _, h := range high {
		highHalf.Any = append(highHalf.Any, maskedRange(h, free[0]))
		single = single && h.From == h.To
	}
	for _, l := range low {
		lowHalf.Any = append(lowHalf.Any, maskedRange(free[0], l))
	}
	switch {
	case high == nil:
		return []Constraint{lowHalf}
	case low == nil:
		return []Constraint{highHalf}
	case !single:
		return []Constraint{highHalf, lowHalf}
	}
	for _, h := range high {
		for _, l := range low {
			both.Any = append(both.Any, maskedRange(h, l))
		}
	}
	return []Constraint{both}
}

func maskedRange(h, l symbolic.Set) MaskedRange {
	return MaskedRange{
		Mask: uint64(h.Mask)<<32 | uint64(l.Mask),
		From: uint64(h.From)<<32 | uint64(l.From),
		To:   uint64(h.To)<<32 | uint64(l.To),
	}
}

// String writes the condition: "argument 0 & 0xff = 0x3 or = 0x10..0x1f".
func (w Constraint) String() string {
	name := fmt.Sprintf("argument %d", w.Index)
	switch w.Index {
	case IndexIP:
		name = "instruction pointer"
	case IndexNr:
		name = "number"
	case IndexAudit:
		name = "AUDIT_ARCH"
	}
	var b strings.Builder
	b.WriteString(name)
	for i, s := range w.Any {
		b.WriteString([]string{" ", " or "}[min(i, 1)])
		if s.Mask != ^uint64(0) && (s.Mask != uint64(maxWord) || w.Index < IndexNr) {
			fmt.Fprintf(&b, "& %#x ", s.Mask)
		}
		fmt.Fprintf(&b, "= %#x", s.From)
		if s.To != s.From {
			fmt.Fprintf(&b, "..%#x", s.To)
		}
	}
	return b.String()
}
