// SPDX-License-Identifier: Apache-2.0

package bpf

import (
	"fmt"
	"iter"
	"strings"

	"github.com/gosieve/sieve/internal/symbolic"
)

// Difference is a set of inputs for which two programs return different values.
type Difference struct {
	// Where are conditions that all hold. Words that are in none may be anything.
	Where []Condition
	// Witness is one of the inputs.
	Witness Data
	// P and Q are what the two programs return for the witness; unless a program
	// computes its answer from the input, that is the same for the whole set.
	P, Q uint32
}

// Condition is one on a word of the input, 0 to 15: its value is in one of the
// sets, which are disjoint.
type Condition struct {
	Word int
	Any  []Set
}

// Set is the values of a word which, with their bits outside Mask cleared, are
// From to To.
type Set struct{ Mask, From, To uint32 }

// Contains says whether the set contains a value.
func (s Set) Contains(v uint32) bool { return s.From <= v&s.Mask && v&s.Mask <= s.To }

// Contains says whether the input is one of the set.
func (d *Difference) Contains(input *Data) bool {
	if d == nil || input == nil {
		return false
	}
	for _, c := range d.Where {
		if !c.holds(input[c.Word]) {
			return false
		}
	}
	return true
}

func (c *Condition) holds(v uint32) bool {
	for _, s := range c.Any {
		if s.Contains(v) {
			return true
		}
	}
	return false
}

// Diff finds all inputs for which two programs differ, as disjoint sets. There are
// none if and only if Equal says that the programs are equal.
//
// The sets can be very many (most pairs of programs have few); the sequence makes
// them one by one and may be left at any time. An error ends it; the sets before it
// differ, and there may be more. Errors are Equal's.
func Diff(p, q Program, opts ...Option) iter.Seq2[Difference, error] {
	return func(yield func(Difference, error) bool) {
		if err := diff(p, q, within(opts), func(d Difference) bool { return yield(d, nil) }); err != nil {
			yield(Difference{}, err)
		}
	}
}

// diff yields the differences until yield is false.
func diff(p, q Program, limits symbolic.Limits, yield func(Difference) bool) error {
	asked, err := newQuestion(p, q, limits)
	if err != nil {
		return err
	}
	g, list, err := asked.Exact()
	if err != nil {
		return err
	}
	for r := range g.Regions(g.Union(list)) {
		w := Data(r.Witness())
		x := Difference{conditions(r.Where), w, p.Run(&w), q.Run(&w)}
		if x.P == x.Q {
			panic(fmt.Sprintf("bpf: the prover says that programs differ for %x, and they do not", w))
		}
		if !yield(x) {
			return nil
		}
	}
	return g.LeftOut()
}

func conditions(where []symbolic.Condition) []Condition {
	list := make([]Condition, len(where))
	for i, c := range where {
		list[i] = Condition{Word: c.Word}
		for _, s := range c.Any {
			list[i].Any = append(list[i].Any, Set(s))
		}
	}
	return list
}

// String writes the set and the answers:
// "[4] = 0xc000003e, [0] = 0x29 or 0x35..0x38: 0x7fff0000, 0x50001". A number in brackets is a word's offset
// in bytes, as in the text of a load.
func (d Difference) String() string {
	var b strings.Builder
	for i, c := range d.Where {
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "[%d]", 4*c.Word)
		for k, s := range c.Any {
			b.WriteString([]string{" ", " or "}[min(k, 1)])
			b.WriteString(s.String())
		}
	}
	if len(d.Where) == 0 {
		b.WriteString("everywhere")
	}
	fmt.Fprintf(&b, ": %#x, %#x", d.P, d.Q)
	return b.String()
}

// String writes "= 0x29", "= 0x35..0x38" or "& 0xff = 0x3".
func (s Set) String() string {
	mask := ""
	if s.Mask != ^uint32(0) {
		mask = fmt.Sprintf("& %#x ", s.Mask)
	}
	if s.From == s.To {
		return fmt.Sprintf("%s= %#x", mask, s.From)
	}
	return fmt.Sprintf("%s= %#x..%#x", mask, s.From, s.To)
}
