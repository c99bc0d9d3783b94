// SPDX-License-Identifier: Apache-2.0

package proof

import (
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/bpf"
	"github.com/gosieve/sieve/internal/symbolic"
	"github.com/gosieve/sieve/seccomp"
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
	Where []Where
	// Call is one of the calls.
	Call seccomp.Call
	// A and B are what the kernel does on each side with that call: errnos above
	// MaxErrno capped, data that it does not read cleared. Unless a filter
	// computes its answer from the call, that is the same for the whole set.
	A, B seccomp.Action
}

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

// Diff finds all calls that the kernel would treat differently on two sides, as
// disjoint sets, by ABI, each ABI's by number. There are none if and only if both
// do the same for every call; compared is what Prove compares.
//
// The sequence makes the sets one by one and may be left at any time. An error ends
// it; the sets before it differ, and there may be more. Errors are Prove's, but for
// the counterexample.
func Diff(a, b Side, opts ...seccomp.Option) iter.Seq2[Difference, error] {
	return func(yield func(Difference, error) bool) {
		limits := limitsOf(opts)
		if err := diff(a, b, limits, func(d Difference) bool { return yield(d, nil) }); err != nil {
			yield(Difference{}, err)
		}
	}
}

// diff yields the differences until yield is false.
func diff(a, b Side, limits symbolic.Limits, yield func(Difference) bool) error {
	asked, err := newQuestion(a, b, limits)
	if err != nil {
		return err
	}
	g, list, err := asked.Exact()
	if err != nil {
		return err
	}
	d := differ{Graph: g, a: a, b: b}
	all := g.Union(list)
	parts := d.split(all)
	if err := g.Undecided(); err != nil {
		return err
	}
	for _, p := range parts {
		for r := range g.Regions(p.d) {
			x := d.describe(p.abi, r)
			if x.A == x.B {
				panic(fmt.Sprintf("seccomp: the prover says that the sides differ for %+v, and they do not", x.Call))
			}
			if !yield(x) {
				return nil
			}
		}
	}
	return g.LeftOut()
}

type differ struct {
	*symbolic.Graph
	a, b Side
}

// share is the differences of one ABI, or of unknown tokens for 0.
type share struct {
	abi arch.Arch
	d   symbolic.Difference
}

// littleEndianBit is set in the tokens of ABIs of that byte order
// (__AUDIT_ARCH_LE, include/uapi/linux/audit.h).
const littleEndianBit = 0x40000000

// split divides a difference by ABIs, in their order, the unknown ones last.
func (d *differ) split(all symbolic.Difference) []share {
	var parts []share
	unknown := symbolic.True
	for _, abi := range arch.All() {
		here := d.Equal(symbolic.Input(archWordIndex, wholeWord), symbolic.Constant(abi.Audit()))
		unknown = d.And(unknown, d.Not(here))
		here = d.And(here, domainOf(d.Graph, abi))
		parts = append(parts, share{abi, d.Restrict(all, here)})
	}
	big := d.Equal(symbolic.Input(archWordIndex, littleEndianBit), symbolic.Constant(0))
	parts = append(parts, share{0, d.Restrict(all, d.And(unknown, d.Not(big)))}, share{0, d.Restrict(all, d.And(unknown, big))})
	return slices.DeleteFunc(parts, func(p share) bool { return p.d.None() })
}

// domainOf is the numbers that belong to an ABI, among those of its token. Two
// ABIs share one (arch.Of).
func domainOf(g *symbolic.Graph, abi arch.Arch) symbolic.Node {
	nr := symbolic.Input(nrWordIndex, wholeWord)
	x32 := func() symbolic.Node {
		return g.And(g.AtLeast(nr, symbolic.Constant(arch.X32.Base())), g.Not(g.Equal(nr, symbolic.Constant(wholeWord))))
	}
	switch abi {
	case arch.X86_64:
		return g.Not(x32())
	case arch.X32:
		return x32()
	}
	return symbolic.True
}

// describe says a region in calls.
func (d *differ) describe(abi arch.Arch, r symbolic.Region) Difference {
	c := callOf(bpf.Data(r.Witness()))
	x := Difference{ABI: abi, Call: *c, A: d.a.action(c), B: d.b.action(c)}
	words := [symbolic.Words][]symbolic.Set{}
	for _, c := range r.Where {
		words[c.Word] = c.Any
	}
	x.Audits = x.ranges(Token, words[archWordIndex])
	x.Numbers = x.ranges(Number, words[nrWordIndex])
	if abi != 0 {
		x.Audits = nil
		x.Names = x.names()
	}
	for index := range InstructionPointer + 1 {
		first := 4 + 2*index
		if index == InstructionPointer {
			first = 2
		}
		low, high := words[first], words[first+1]
		if arch.BigEndian(c.Audit) {
			low, high = high, low
		}
		x.Where = append(x.Where, join(index, high, low)...)
	}
	return x
}

// ranges are sets of a word as ranges. What only bits can say becomes a condition.
func (x *Difference) ranges(index int, sets []symbolic.Set) []seccomp.Range {
	var list []seccomp.Range
	for _, s := range sets {
		if s.Mask != wholeWord {
			x.Where = append(x.Where, join(index, nil, sets)...)
			return []seccomp.Range{{From: 0, To: wholeWord}}
		}
		list = append(list, seccomp.Range{From: s.From, To: s.To})
	}
	if list == nil {
		return []seccomp.Range{{From: 0, To: wholeWord}}
	}
	return list
}

// names are the calls that the ABI has among those of the difference.
func (x *Difference) names() []string {
	var list []string
	for nr, name := range x.ABI.Calls() {
		if x.has(nr) {
			list = append(list, name)
		}
	}
	return list
}

// has says whether the difference is about calls of that number.
func (x *Difference) has(nr uint32) bool {
	for _, w := range x.Where {
		if w.Index == Number && !w.holds(uint64(nr)) {
			return false
		}
	}
	return slices.ContainsFunc(x.Numbers, func(n seccomp.Range) bool { return n.From <= nr && nr <= n.To })
}

func (w *Where) holds(v uint64) bool {
	return slices.ContainsFunc(w.Any, func(s Values) bool { return s.From <= v&s.Mask && v&s.Mask <= s.To })
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
		case Number:
		case Token:
			if !w.holds(uint64(c.Audit)) {
				return false
			}
		case InstructionPointer:
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

// String says in one line which calls, and what each side does:
// "x86_64 personality (135), argument 0 = 0x8: ALLOW, ERRNO(1)".
func (x Difference) String() string {
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
	fmt.Fprintf(&b, ": %v, %v", x.A, x.B)
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
