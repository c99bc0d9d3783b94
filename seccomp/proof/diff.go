// SPDX-License-Identifier: Apache-2.0

package proof

import (
	"fmt"
	"iter"
	"slices"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/bpf"
	"github.com/gosieve/sieve/internal/seccompdata"
	"github.com/gosieve/sieve/internal/symbolic"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/proof/internal/diagram"
)

// Diff finds all calls that the kernel would treat differently on two sides, as
// disjoint sets, by ABI, each ABI's by number. There are none if and only if both
// do the same for every call; compared is what Prove compares. Which side is less
// restrictive is the same for all calls of a set.
//
// The sequence makes the sets one by one and may be left at any time. An error ends
// it; the sets before it differ, and there may be more. Errors are Prove's, but for
// the counterexample.
func Diff(a, b Side, opts ...seccomp.Option) iter.Seq2[Difference, error] {
	return func(yield func(Difference, error) bool) {
		limits := limitsOf(opts)
		if err := diff(a, b, differentInOrder(), limits, func(d Difference) bool { return yield(d, nil) }); err != nil {
			yield(Difference{}, err)
		}
	}
}

// diff yields the calls that stand in a relation until yield returns false.
func diff(a, b Side, r *relation, limits symbolic.Limits, yield func(Difference) bool) error {
	asked, err := newQuestion(a, b, r, limits)
	if err != nil {
		return err
	}
	return regions(asked, a, b, r, yield)
}

// regions yields what a question finds as sets of calls.
func regions(asked *symbolic.Question, a, b Side, r *relation, yield func(Difference) bool) error {
	g, list, err := asked.Exact()
	defer asked.Tell(g)
	if err != nil {
		return err
	}
	d := differ{Graph: g, a: a, b: b}
	all := g.Union(list)
	parts := d.split(all)
	if r.parts != nil {
		if !d.any(parts) {
			return g.LeftOut()
		}
		parts = d.restrict(parts, r.parts(g))
	}
	if err := g.Undecided(); err != nil {
		return err
	}
	for _, p := range parts {
		for region := range g.Regions(p.d) {
			x := d.describe(p.abi, region)
			if !r.holds(x.A, x.B) {
				panic(fmt.Sprintf("seccomp: the prover finds a difference for %+v, and there is none", x.Call))
			}
			if !yield(x) {
				return nil
			}
		}
	}
	return g.LeftOut()
}

// differ describes the regions of a graph as differences between two sides.
type differ struct {
	*symbolic.Graph
	a, b Side
}

// abiDifference is the part of a difference that calls of one ABI have; abi is 0 for
// AUDIT_ARCH tokens that no ABI has.
type abiDifference struct {
	abi arch.Arch
	d   symbolic.Difference
}

// split divides a difference by ABIs, in the order of arch.All. Unknown tokens come last,
// in two parts by byte order, because arguments are read in that order.
func (d *differ) split(all symbolic.Difference) []abiDifference {
	var parts []abiDifference
	unknown := symbolic.True
	for _, abi := range arch.All() {
		here := d.Equal(symbolic.Input(diagram.ArchWord, diagram.MaxWord), symbolic.Constant(abi.Audit()))
		unknown = d.And(unknown, d.Not(here))
		here = d.And(here, domainOf(d.Graph, abi))
		parts = append(parts, abiDifference{abi, d.Restrict(all, here)})
	}
	big := d.Equal(symbolic.Input(diagram.ArchWord, diagram.LittleEndianBit), symbolic.Constant(0))
	parts = append(parts, abiDifference{0, d.Restrict(all, d.And(unknown, d.Not(big)))}, abiDifference{0, d.Restrict(all, d.And(unknown, big))})
	return slices.DeleteFunc(parts, func(p abiDifference) bool { return p.d.None() })
}

// any says whether there is a difference for certain. Where all is left open there is nothing
// to divide, and going through it twice would take twice as long.
func (d *differ) any(parts []abiDifference) bool {
	for _, p := range parts {
		for range d.Regions(p.d) {
			return true
		}
	}
	return false
}

// restrict divides parts by sets of inputs.
func (d *differ) restrict(parts []abiDifference, sets []symbolic.Node) []abiDifference {
	var list []abiDifference
	for _, p := range parts {
		for _, set := range sets {
			if x := d.Restrict(p.d, set); !x.None() {
				list = append(list, abiDifference{p.abi, x})
			}
		}
	}
	return list
}

// domainOf is the set of inputs whose number belongs to an ABI, among those with its
// token. Two ABIs share a token: x86_64 and x32 (arch.Of).
func domainOf(g *symbolic.Graph, abi arch.Arch) symbolic.Node {
	nr := symbolic.Input(diagram.NrWord, diagram.MaxWord)
	x32 := func() symbolic.Node {
		return g.And(g.AtLeast(nr, symbolic.Constant(arch.X32.Base())), g.Not(g.Equal(nr, symbolic.Constant(diagram.MaxWord))))
	}
	switch abi {
	case arch.X86_64:
		return g.Not(x32())
	case arch.X32:
		return x32()
	}
	return symbolic.True
}

// describe writes a region, which is conditions on words, as a difference in terms of
// calls. One call of the region is run on both sides.
func (d *differ) describe(abi arch.Arch, r symbolic.Region) Difference {
	c := diagram.CallOf(bpf.Data(r.Witness()))
	x := Difference{ABI: abi, Call: *c, A: d.a.action(c), B: d.b.action(c)}
	words := [symbolic.Words][]symbolic.Set{}
	for _, c := range r.Where {
		words[c.Word] = c.Any
	}
	x.Audits = x.ranges(IndexAudit, words[diagram.ArchWord])
	x.Numbers = x.ranges(IndexNr, words[diagram.NrWord])
	if abi != 0 {
		x.Audits = nil
		x.Names = x.names()
	}
	for index := range IndexIP + 1 {
		first := 4 + 2*index
		if index == IndexIP {
			first = 2
		}
		low, high := words[first], words[first+1]
		if seccompdata.BigEndian(c.Audit) {
			low, high = high, low
		}
		x.Where = append(x.Where, constraintsOn(index, high, low)...)
	}
	return x
}
