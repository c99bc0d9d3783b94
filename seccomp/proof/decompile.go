// SPDX-License-Identifier: Apache-2.0

package proof

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/bpf"
	"github.com/gosieve/sieve/internal/symbolic"
	"github.com/gosieve/sieve/seccomp"
)

// maxDecompiled is how many rules Decompile makes at most.
const maxDecompiled = 1 << 14

// Decompile makes a policy that means exactly what the filter does, which is proved.
// Rules name calls where their ABI has a name for the number, and give ranges
// of numbers elsewhere. No two rules with different actions match one call, and so their
// order does not matter, unless an order makes them much fewer.
//
// An error wraps bpf.ErrInvalid for a program that the kernel refuses, and
// ErrUndecided, with the reason, for a filter that no policy of at most 16384 rules is
// like, or none that is found within the limits, and for one that looks at the
// instruction pointer, at the upper half of an argument on an ABI of 32 bits or at
// part of an unknown AUDIT_ARCH token, or that computes its answer.
func Decompile(f seccomp.Filter, opts ...seccomp.Option) (*seccomp.Policy, error) {
	if err := soundFilter(f); err != nil {
		return nil, err
	}
	limits := limitsOf(opts)
	d, err := newDecompiler(f, limits)
	if err != nil {
		return nil, err
	}
	if err := d.arches(); err != nil {
		return nil, err
	}
	if err := d.shortest(); err != nil {
		return nil, err
	}
	return d.policy, d.proved(f)
}

// proved proves that the policy is the filter's, with what is left of the limits.
func (d *decompiler) proved(f seccomp.Filter) error {
	limits := d.limits
	limits.Steps = d.left()
	err := prove(f, d.policy, limits)
	var wrong *Counterexample
	if errors.As(err, &wrong) {
		return fmt.Errorf("decompiling found a policy that is not the filter's, which is a defect of this package: %w", err)
	}
	return err
}

var errRests = fmt.Errorf("%w: answers rest on a register that holds 32 or more and shifts, which the kernel leaves open", ErrUndecided)

// decompiler reads a policy off a diagram.
type decompiler struct {
	*symbolic.Graph
	*allowance
	answer   symbolic.Node
	policy   *seccomp.Policy
	domains  []domainAnswer // of the policy's ABIs
	defaults []seccomp.Action
	calls    map[subject]*call
}

// domainAnswer is what the filter answers for the calls of an ABI, by number.
type domainAnswer struct {
	abi   arch.Arch
	cells []numberAnswer
}

// numberAnswer is what is answered for some numbers, as a function of the arguments.
type numberAnswer struct {
	node    symbolic.Node
	numbers []seccomp.Range
}

// newDecompiler finds the filter's answer, in the first order that is not too large.
func newDecompiler(f seccomp.Filter, limits symbolic.Limits) (*decompiler, error) {
	q, err := newQuestion(Side{filter: f}, Side{filter: seccomp.Filter{}}, limits)
	if err != nil {
		return nil, err
	}
	all := newAllowance(limits)
	var first error
	for i, order := range q.Orders {
		g, n, err := ordered(f, order(), q.Meetings, all, all.left()/(len(q.Orders)-i+1))
		if err == nil {
			all.main = g
			return &decompiler{Graph: g, allowance: all, answer: n, policy: &seccomp.Policy{}, calls: map[subject]*call{}}, nil
		}
		all.count(g)
		if first == nil {
			first = err
		}
		if !errors.Is(err, ErrUndecided) || errors.Is(err, errRests) || errors.Is(err, errComputes) {
			return nil, err
		}
	}
	return nil, first
}

// ordered finds the filter's answer in an order, within so many steps.
func ordered(f seccomp.Filter, order symbolic.Order, meetings []uint16, all *allowance, steps int) (*symbolic.Graph, symbolic.Node, error) {
	if len(meetings) == 0 {
		g := all.graph(order, steps)
		n, err := function(g, f)
		return g, n, err
	}
	g := all.graph(order.Together(meetings), steps)
	n, err := function(g, f)
	if err != nil {
		return g, n, err
	}
	all.count(g)
	plain := all.graph(order, steps) // with words one after the other
	n = plain.Copy(g, n)
	return plain, n, plain.Undecided()
}

var errComputes = fmt.Errorf("%w: the filter computes its answer from the call", ErrUndecided)

// function is what the filter answers, as one function.
func function(g *symbolic.Graph, f seccomp.Filter) (symbolic.Node, error) {
	answer, err := filterAnswers(g, f)
	if err != nil {
		return 0, err
	}
	n, ok := answer.Function()
	rests := ok && g.Rests(symbolic.Difference{A: n, B: g.Leaf(uint32(seccomp.Allow))})
	switch err := g.Undecided(); {
	case err != nil:
		return 0, err
	case !ok:
		return 0, errComputes
	case rests:
		return 0, errRests
	}
	return n, nil
}

// arches finds BadArch, the ABIs that get anything else, and what the default may
// be: what most numbers get, or what comes after it. Where unknown numbers get
// ENOSYS that is not what the filter was made with.
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
		if len(s.cells) == 1 && s.cells[0].node == d.Leaf(bad) {
			continue
		}
		d.policy.Arches = append(d.policy.Arches, abi)
		d.domains = append(d.domains, s)
		for _, c := range s.cells {
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

// badArch is the answer for AUDIT_ARCH tokens that no ABI has.
func (d *decompiler) badArch() (uint32, error) {
	unknown := symbolic.True
	tokens := map[uint32]bool{}
	for _, abi := range arch.All() {
		tokens[abi.Audit()] = true
		unknown = d.And(unknown, d.Not(d.Equal(symbolic.Input(archWordIndex, wholeWord), symbolic.Constant(abi.Audit()))))
	}
	var data symbolic.Data
	for tokens[data[archWordIndex]] {
		data[archWordIndex]++
	}
	bad, _ := d.Follow(d.answer, &data)
	leaf := d.Leaf(bad)
	if other := (symbolic.Difference{A: d.Ite(unknown, d.answer, leaf), B: leaf}); !other.None() {
		w, _ := d.Witness(other)
		if err := d.Undecided(); err != nil {
			return 0, err
		}
		return 0, fmt.Errorf("%w: %s gets another answer than %s, and no ABI has their AUDIT_ARCH tokens",
			ErrUndecided, describeCall(callOf(bpf.Data(w))), describeCall(callOf(bpf.Data(data))))
	}
	return bad, nil
}

// maxCells is into how many ranges of numbers that get different answers the calls
// of an ABI may fall.
const maxCells = 1 << 14

// domain is what is answered for the calls of an ABI.
func (d *decompiler) domain(abi arch.Arch) (domainAnswer, error) {
	s := domainAnswer{abi: abi}
	cases, ok := d.Cases(d.At(d.answer, archWordIndex, abi.Audit()), nrWordIndex, maxCells)
	if err := d.Undecided(); err != nil {
		return s, err
	}
	if !ok {
		return s, fmt.Errorf("%w: %v's numbers fall into more than %d ranges with different answers", ErrUndecided, abi, maxCells)
	}
	at := map[symbolic.Node]int{}
	for i, c := range cases {
		last := uint64(1) << 32
		if i+1 < len(cases) {
			last = uint64(cases[i+1].First)
		}
		list := common(numbersOf(abi), seccomp.Range{From: c.First, To: uint32(last - 1)})
		if len(list) == 0 {
			continue
		}
		k, ok := at[c.To]
		if !ok {
			k = len(s.cells)
			at[c.To] = k
			s.cells = append(s.cells, numberAnswer{node: c.To})
		}
		s.cells[k].numbers = append(s.cells[k].numbers, list...)
	}
	for _, c := range s.cells {
		if err := d.sayable(abi, c.node); err != nil {
			return s, err
		}
	}
	return s, nil
}

// common are the numbers of a range that are in parts.
func common(parts []part, n seccomp.Range) []seccomp.Range {
	var list []seccomp.Range
	for _, p := range parts {
		if from, to := max(p.numbers.From, n.From), min(p.numbers.To, n.To); from <= to {
			list = append(list, seccomp.Range{From: from, To: to})
		}
	}
	return list
}

// sayable refuses what no condition of a rule looks at.
func (d *decompiler) sayable(abi arch.Arch, n symbolic.Node) error {
	words := d.Support(n)
	if words&(1<<2|1<<3) != 0 {
		return fmt.Errorf("%w: the answer for %v rests on the instruction pointer", ErrUndecided, abi)
	}
	if abi.Bits() == 64 {
		return nil
	}
	for index := range 6 {
		if high, _ := wordsOf(abi, index); words&(1<<high) != 0 {
			return fmt.Errorf("%w: the answer for %v rests on the upper half of argument %d", ErrUndecided, abi, index)
		}
	}
	return nil
}

// wordsOf are the halves of an argument.
func wordsOf(abi arch.Arch, index int) (high, low uint8) {
	low = uint8(4 + 2*index)
	if abi.BigEndian() {
		return low, low + 1
	}
	return low + 1, low
}

// shortest finds the rules for the default that needs the fewest.
func (d *decompiler) shortest() error {
	var first error
	some := false
	for _, action := range d.defaults {
		rules, err := d.rules(action)
		switch {
		case err != nil && first == nil:
			first = err
		case err == nil && (!some || len(rules) < len(d.policy.Rules)):
			some, d.policy.Default, d.policy.Rules = true, action, rules
		}
	}
	if some {
		return nil
	}
	return first
}

// largest are the values of the three leaves with the largest sizes, BadArch if there
// is none.
func (d *decompiler) largest(size map[symbolic.Node]uint64) []seccomp.Action {
	type sized struct {
		action seccomp.Action
		size   uint64
	}
	var list []sized
	for n, s := range size {
		v, _ := d.LeafValue(n)
		list = append(list, sized{seccomp.Action(v), s})
	}
	slices.SortFunc(list, func(a, b sized) int {
		return cmp.Or(cmp.Compare(b.size, a.size), cmp.Compare(a.action, b.action))
	})
	var actions []seccomp.Action
	for _, s := range list[:min(len(list), 3)] {
		actions = append(actions, s.action)
	}
	if actions == nil {
		actions = []seccomp.Action{d.policy.BadArch}
	}
	return actions
}

// name makes the rule one about numbers: by name, and where an ABI has none by
// range. A range with nothing but calls unnamed at its ends stays whole.
func nameRule(r *seccomp.Rule, abi arch.Arch, numbers []seccomp.Range) {
	for _, n := range numbers {
		from := uint64(n.From)
		for nr, name := range abi.Calls() {
			if nr < n.From || nr > n.To || uint64(nr) < from {
				continue
			}
			if back, ok := abi.Number(name); !ok || back != nr {
				continue
			}
			if uint64(nr) > from {
				r.Numbers = append(r.Numbers, seccomp.Range{From: uint32(from), To: nr - 1})
			}
			r.Syscalls = append(r.Syscalls, name)
			from = uint64(nr) + 1
		}
		if from <= uint64(n.To) {
			r.Numbers = append(r.Numbers, seccomp.Range{From: uint32(from), To: n.To})
		}
	}
}
