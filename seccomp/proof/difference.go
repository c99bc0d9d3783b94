// SPDX-License-Identifier: Apache-2.0

package proof

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/symbolic"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/proof/internal/diagram"
)

// Difference is a set of calls that two sides decide differently.
type Difference struct {
	// ABI is the one that the calls come through, 0 for AUDIT_ARCH tokens that
	// no ABI has: then those are in Audits.
	ABI    arch.Arch
	Audits []seccomp.Range
	// Numbers are the calls' numbers, and Names those of their names that the
	// ABI has, in order.
	Numbers []seccomp.Range
	Names   []string
	// Where are conditions on arguments and whatever else; all hold.
	Where []Constraint
	// Call is one of the calls.
	Call seccomp.Call
	// A and B are what the kernel does on each side with that call: errnos above
	// MaxErrno capped, data that it does not read cleared. Unless a filter
	// computes its answer from the call, that is the same for the whole set.
	A, B seccomp.Action
}

// Contains says whether a call is one of the set.
func (x *Difference) Contains(c *seccomp.Call) bool {
	if x == nil || c == nil {
		return false
	}
	abi, _ := arch.Of(c.Audit, c.Nr)
	if abi != x.ABI || !x.has(c.Nr) {
		return false
	}
	if abi == 0 && !slices.ContainsFunc(x.Audits, func(r seccomp.Range) bool { return r.From <= c.Audit && c.Audit <= r.To }) {
		return false
	}
	for _, w := range x.Where {
		switch w.Index {
		case IndexNr:
		case IndexAudit:
			if !w.holds(uint64(c.Audit)) {
				return false
			}
		case IndexIP:
			if !w.holds(c.IP) {
				return false
			}
		default:
			if !w.holds(c.Args[w.Index]) {
				return false
			}
		}
	}
	return true
}

// has says whether calls of that number are in the set, for some arguments.
func (x *Difference) has(nr uint32) bool {
	for _, w := range x.Where {
		if w.Index == IndexNr && !w.holds(uint64(nr)) {
			return false
		}
	}
	return slices.ContainsFunc(x.Numbers, func(n seccomp.Range) bool { return n.From <= nr && nr <= n.To })
}

// ranges are the sets of a word as ranges. If a set has a mask, the sets become a
// constraint, and the range is that of all values.
func (x *Difference) ranges(index int, sets []symbolic.Set) []seccomp.Range {
	var list []seccomp.Range
	for _, s := range sets {
		if s.Mask != diagram.MaxWord {
			x.Where = append(x.Where, constraintsOn(index, nil, sets)...)
			return []seccomp.Range{{From: 0, To: diagram.MaxWord}}
		}
		list = append(list, seccomp.Range{From: s.From, To: s.To})
	}
	if list == nil {
		return []seccomp.Range{{From: 0, To: diagram.MaxWord}}
	}
	return list
}

// names are the names of the calls that the ABI has among the numbers of the difference.
func (x *Difference) names() []string {
	var list []string
	for nr, name := range x.ABI.Calls() {
		if x.has(nr) {
			list = append(list, name)
		}
	}
	return list
}

// String says in one line which calls, and what each side does:
// "x86_64 personality (135), argument 0 = 0x8: ALLOW, ERRNO(1)".
func (x Difference) String() string { return fmt.Sprintf("%s: %v, %v", x.calls(), x.A, x.B) }

// calls says in one line which calls are in the set.
func (x *Difference) calls() string {
	var b strings.Builder
	if x.ABI != 0 {
		b.WriteString(x.ABI.String())
	} else {
		b.WriteString("AUDIT_ARCH ")
		appendRanges(&b, x.Audits, "%#x")
	}
	switch {
	case len(x.Names) == 0:
		b.WriteString(" calls ")
		appendRanges(&b, x.Numbers, "%d")
	case x.hasAllNames():
		b.WriteString(" all calls (")
		appendRanges(&b, x.Numbers, "%d")
		b.WriteString(")")
	default:
		b.WriteString(" " + strings.Join(x.Names, ", ") + " (")
		appendRanges(&b, x.Numbers, "%d")
		b.WriteString(")")
	}
	for _, w := range x.Where {
		b.WriteString(", " + w.String())
	}
	return b.String()
}

// hasAllNames says whether the set has every call that the ABI has a name for.
func (x *Difference) hasAllNames() bool {
	n := 0
	for range x.ABI.Calls() {
		n++
	}
	return n == len(x.Names)
}

// appendRanges writes ranges, comma between them, with a format for each number.
func appendRanges(b *strings.Builder, list []seccomp.Range, format string) {
	for i, r := range list {
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(b, format, r.From)
		if r.To != r.From {
			fmt.Fprintf(b, ".."+format, r.To)
		}
	}
}
