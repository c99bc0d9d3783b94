// SPDX-License-Identifier: Apache-2.0

package proof

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gosieve/sieve/internal/symbolic"
)

// Constraint is a condition on one field of a call: the field's value is in one of the
// sets, which are disjoint.
type Constraint struct {
	Index int // of the argument, 0 to 5, or one of the constants below
	Any   []MaskedRange
}

// Values of Constraint.Index for fields other than arguments; they have the names of the
// fields of seccomp.Call. Numbers and AUDIT_ARCH tokens are in Difference.Numbers
// and Difference.Audits. Only if single bits of them decide, as in a filter that tests
// such bits, there is a Constraint instead, since ranges cannot say that.
const (
	IndexIP = 6 + iota
	IndexNr
	IndexAudit
)

// MaskedRange is the set of values v for which From <= v & Mask <= To.
type MaskedRange struct{ Mask, From, To uint64 }

// holds says whether the field's value meets the constraint.
func (w Constraint) holds(v uint64) bool {
	return slices.ContainsFunc(w.Any, func(s MaskedRange) bool { return s.From <= v&s.Mask && v&s.Mask <= s.To })
}

// join makes constraints on 64 bits of constraints on the two halves; nil means that
// a half may be anything. It is one constraint if the high half has single values only
// or one half is free. Otherwise each half keeps a constraint of its own, since a product
// of two ranges is no range of 64 bits.
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

// maskedRange is the values whose high half is in h and whose low half is in l. One of
// the two must be a single value or free.
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
