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
type Where struct {
	Index int // of the argument, 0 to 5, or one of the constants below
	Any   []Values
}

// What a Where may be about besides arguments. Numbers and tokens are in Numbers and
// Audits unless some of their bits decide, as in a filter that tests those.
const (
	InstructionPointer = 6 + iota
	Number
	Token
)

// Values are those which, with their bits outside Mask cleared, are From to To.
type Values struct{ Mask, From, To uint64 }

func (w *Where) holds(v uint64) bool {
	return slices.ContainsFunc(w.Any, func(s Values) bool { return s.From <= v&s.Mask && v&s.Mask <= s.To })
}

// join makes conditions on 64 bits of those on the halves: one, if the high half
// is a single value or the low one is free.
func join(index int, high, low []symbolic.Set) []Where {
	if high == nil && low == nil {
		return nil
	}
	free := []symbolic.Set{{Mask: 0, From: 0, To: 0}}
	lowHalf, highHalf := Where{Index: index}, Where{Index: index}
	both, single := Where{Index: index}, true
	for _, h := range high {
		highHalf.Any = append(highHalf.Any, valuesOf(h, free[0]))
		single = single && h.From == h.To
	}
	for _, l := range low {
		lowHalf.Any = append(lowHalf.Any, valuesOf(free[0], l))
	}
	switch {
	case high == nil:
		return []Where{lowHalf}
	case low == nil:
		return []Where{highHalf}
	case !single:
		return []Where{highHalf, lowHalf}
	}
	for _, h := range high {
		for _, l := range low {
			both.Any = append(both.Any, valuesOf(h, l))
		}
	}
	return []Where{both}
}

func valuesOf(h, l symbolic.Set) Values {
	return Values{
		Mask: uint64(h.Mask)<<32 | uint64(l.Mask),
		From: uint64(h.From)<<32 | uint64(l.From),
		To:   uint64(h.To)<<32 | uint64(l.To),
	}
}

// String writes the condition: "argument 0 & 0xff = 0x3 or = 0x10..0x1f".
func (w Where) String() string {
	name := fmt.Sprintf("argument %d", w.Index)
	switch w.Index {
	case InstructionPointer:
		name = "instruction pointer"
	case Number:
		name = "number"
	case Token:
		name = "AUDIT_ARCH"
	}
	var b strings.Builder
	b.WriteString(name)
	for i, s := range w.Any {
		b.WriteString([]string{" ", " or "}[min(i, 1)])
		if s.Mask != ^uint64(0) && (s.Mask != uint64(wholeWord) || w.Index < Number) {
			fmt.Fprintf(&b, "& %#x ", s.Mask)
		}
		fmt.Fprintf(&b, "= %#x", s.From)
		if s.To != s.From {
			fmt.Fprintf(&b, "..%#x", s.To)
		}
	}
	return b.String()
}
