// SPDX-License-Identifier: Apache-2.0

package proof

import (
	"fmt"
	"iter"
	"strings"

	"github.com/gosieve/sieve/bpf"
	"github.com/gosieve/sieve/internal/symbolic"
	"github.com/gosieve/sieve/seccomp"
)

// This file lists all inputs on which two programs differ, in terms of words. Tests hold the
// engine's regions (symbolic.Graph.Regions) to the programs themselves with it.

// ProgramDifference is a set of inputs for which two programs return different values.
type ProgramDifference struct {
	// Where are conditions that all hold. Words that are in none may be anything.
	Where []WordCondition
	// Witness is one of the inputs.
	Witness bpf.Data
	// P and Q are what the two programs return for the witness; unless a program
	// computes its answer from the input, that is the same for the whole set.
	P, Q uint32
}

// WordCondition is one on a word of the input, 0 to 15: its value is in one of the
// sets, which are disjoint.
type WordCondition struct {
	Word int
	Any  []WordSet
}

// WordSet is the values of a word which, with their bits outside Mask cleared, are
// From to To.
type WordSet struct{ Mask, From, To uint32 }

// Contains says whether the set contains a value.
func (s WordSet) Contains(v uint32) bool { return s.From <= v&s.Mask && v&s.Mask <= s.To }

// Contains says whether the input is one of the set.
func (d *ProgramDifference) Contains(input *bpf.Data) bool {
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

func (c *WordCondition) holds(v uint32) bool {
	for _, s := range c.Any {
		if s.Contains(v) {
			return true
		}
	}
	return false
}

// DiffPrograms finds all inputs for which two programs differ, as disjoint sets. There are
// none if and only if EqualPrograms says that the programs are equal.
//
// The sets can be very many (most pairs of programs have few); the sequence makes
// them one by one and may be left at any time. An error ends it; the sets before it
// differ, and there may be more. Errors are those of EqualPrograms.
func DiffPrograms(p, q bpf.Program, opts ...seccomp.Option) iter.Seq2[ProgramDifference, error] {
	return func(yield func(ProgramDifference, error) bool) {
		if err := diffPrograms(p, q, limitsOf(opts), func(d ProgramDifference) bool { return yield(d, nil) }); err != nil {
			yield(ProgramDifference{}, err)
		}
	}
}

// diffPrograms yields the differences until yield is false.
func diffPrograms(p, q bpf.Program, limits symbolic.Limits, yield func(ProgramDifference) bool) error {
	asked, err := programQuestion(p, q, limits)
	if err != nil {
		return err
	}
	g, list, err := asked.Exact()
	if err != nil {
		return err
	}
	for r := range g.Regions(g.Union(list)) {
		w := bpf.Data(r.Witness())
		x := ProgramDifference{wordConditions(r.Where), w, p.Run(&w), q.Run(&w)}
		if x.P == x.Q {
			panic(fmt.Sprintf("proof: the prover says that programs differ for %x, and they do not", w))
		}
		if !yield(x) {
			return nil
		}
	}
	return g.LeftOut()
}

func wordConditions(where []symbolic.Condition) []WordCondition {
	list := make([]WordCondition, len(where))
	for i, c := range where {
		list[i] = WordCondition{Word: c.Word}
		for _, s := range c.Any {
			list[i].Any = append(list[i].Any, WordSet(s))
		}
	}
	return list
}

// String writes the set and the answers:
// "[4] = 0xc000003e, [0] = 0x29 or 0x35..0x38: 0x7fff0000, 0x50001". A number in brackets is a word's offset
// in bytes, as in the text of a load.
func (d ProgramDifference) String() string {
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
func (s WordSet) String() string {
	mask := ""
	if s.Mask != ^uint32(0) {
		mask = fmt.Sprintf("& %#x ", s.Mask)
	}
	if s.From == s.To {
		return fmt.Sprintf("%s= %#x", mask, s.From)
	}
	return fmt.Sprintf("%s= %#x..%#x", mask, s.From, s.To)
}
