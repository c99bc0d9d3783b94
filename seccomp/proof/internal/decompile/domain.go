// SPDX-License-Identifier: Apache-2.0

package decompile

import (
	"fmt"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/bpf"
	"github.com/gosieve/sieve/internal/symbolic"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/proof/internal/diagram"
	"github.com/gosieve/sieve/seccomp/proof/internal/rules"
)

// domainAnswer is what the filter answers for the calls of an ABI.
type domainAnswer struct {
	abi     arch.Arch
	classes []numberClass
}

// numberClass is all numbers of an ABI that get the same function of the arguments.
type numberClass struct {
	node    symbolic.Node
	numbers []seccomp.Range
}

// arches finds the policy's BadArch, its ABIs (those that get any other answer), what they
// answer, and candidates for the default. The filter's own default is not known: if
// unknown numbers get ENOSYS, what most numbers get is not what the filter was made with.
func (d *decompiler) arches() error {
	bad, err := d.badArch()
	if err != nil {
		return err
	}
	d.policy.BadArch = seccomp.Action(bad)
	size := map[symbolic.Node]uint64{}
	for _, abi := range arch.All() {
		s, err := d.domain(abi)
		if err != nil {
			return err
		}
		if len(s.classes) == 1 && s.classes[0].node == d.Leaf(bad) {
			continue
		}
		d.policy.Arches = append(d.policy.Arches, abi)
		d.domains = append(d.domains, s)
		for _, c := range s.classes {
			if _, ok := d.LeafValue(c.node); ok {
				for _, n := range c.numbers {
					size[c.node] += uint64(n.To-n.From) + 1
				}
			}
		}
	}
	d.defaults = d.largest(size)
	return d.Undecided()
}

// badArch is the answer for AUDIT_ARCH tokens that no ABI has. A policy has one answer for
// all of them, so a filter that tells such tokens apart is an error with two calls.
func (d *decompiler) badArch() (uint32, error) {
	unknown := symbolic.True
	tokens := map[uint32]bool{}
	for _, abi := range arch.All() {
		tokens[abi.Audit()] = true
		unknown = d.And(unknown, d.Not(d.Equal(symbolic.Input(diagram.ArchWord, diagram.MaxWord), symbolic.Constant(abi.Audit()))))
	}
	var data symbolic.Data
	for tokens[data[diagram.ArchWord]] {
		data[diagram.ArchWord]++
	}
	bad, _ := d.Evaluate(d.answer, &data)
	leaf := d.Leaf(bad)
	if other := (symbolic.Difference{A: d.Ite(unknown, d.answer, leaf), B: leaf}); !other.None() {
		w, _ := d.Witness(other)
		if err := d.Undecided(); err != nil {
			return 0, err
		}
		return 0, fmt.Errorf("%w: %s gets another answer than %s, and no ABI has their AUDIT_ARCH tokens",
			symbolic.ErrUndecided, diagram.Describe(diagram.CallOf(bpf.Data(w))), diagram.Describe(diagram.CallOf(bpf.Data(data))))
	}
	return bad, nil
}

// maxClasses is how many ranges of numbers with different answers an ABI may have. It
// bounds the work for filters that compute with the number.
const maxClasses = 1 << 14

// domain finds the answers for the calls of an ABI: its token is fixed in the diagram, and
// the numbers are divided by what is left of it.
func (d *decompiler) domain(abi arch.Arch) (domainAnswer, error) {
	s := domainAnswer{abi: abi}
	cases, ok := d.Cases(d.Cofactor(d.answer, diagram.ArchWord, abi.Audit()), diagram.NrWord, maxClasses)
	if err := d.Undecided(); err != nil {
		return s, err
	}
	if !ok {
		return s, fmt.Errorf("%w: %v's numbers fall into more than %d ranges with different answers", symbolic.ErrUndecided, abi, maxClasses)
	}
	at := map[symbolic.Node]int{}
	for i, c := range cases {
		last := uint64(1) << 32
		if i+1 < len(cases) {
			last = uint64(cases[i+1].First)
		}
		list := rules.Common(rules.NumbersOf(abi), seccomp.Range{From: c.First, To: uint32(last - 1)})
		if len(list) == 0 {
			continue
		}
		k, ok := at[c.To]
		if !ok {
			k = len(s.classes)
			at[c.To] = k
			s.classes = append(s.classes, numberClass{node: c.To})
		}
		s.classes[k].numbers = append(s.classes[k].numbers, list...)
	}
	for _, c := range s.classes {
		if err := d.expressible(abi, c.node); err != nil {
			return s, err
		}
	}
	return s, nil
}

// expressible refuses answers that depend on what no condition of a rule can look at: the
// instruction pointer (words 2 and 3), and the upper halves of arguments on 32 bits, which
// are zero in what such a program passes.
func (d *decompiler) expressible(abi arch.Arch, n symbolic.Node) error {
	words := d.Support(n)
	if words&(1<<2|1<<3) != 0 {
		return fmt.Errorf("%w: the answer for %v rests on the instruction pointer", symbolic.ErrUndecided, abi)
	}
	if abi.Bits() == 64 {
		return nil
	}
	for index := range 6 {
		if high, _ := diagram.Words(abi, index); words&(1<<high) != 0 {
			return fmt.Errorf("%w: the answer for %v rests on the upper half of argument %d", symbolic.ErrUndecided, abi, index)
		}
	}
	return nil
}
