// SPDX-License-Identifier: Apache-2.0

package proof

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gosieve/sieve/internal/symbolic"
	"github.com/gosieve/sieve/seccomp/proof/internal/diagram"
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

// constraintsOn makes constraints on a field of the call of the sets of its halves.
func constraintsOn(index int, high, low []symbolic.Set) []Constraint {
	var list []Constraint
	for _, sets := range diagram.Join(high, low) {
		c := Constraint{Index: index}
		for _, s := range sets {
			c.Any = append(c.Any, MaskedRange(s))
		}
		list = append(list, c)
	}
	return list
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
		if s.Mask != ^uint64(0) && (s.Mask != uint64(diagram.MaxWord) || w.Index < IndexNr) {
			fmt.Fprintf(&b, "& %#x ", s.Mask)
		}
		fmt.Fprintf(&b, "= %#x", s.From)
		if s.To != s.From {
			fmt.Fprintf(&b, "..%#x", s.To)
		}
	}
	return b.String()
}
