// SPDX-License-Identifier: Apache-2.0

package seccomp

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/bpf"
	"github.com/gosieve/sieve/internal/symbolic"
)

// maxDecompiled is how many rules Decompile makes at most.
const maxDecompiled = 1 << 14

// Decompile makes a policy that means exactly what the filter does: Prove proves
// it. Rules name calls where their ABI has a name for the number, and give ranges
// of numbers elsewhere; no two rules of an ABI match one call, so that their order does
// not matter.
//
// An error wraps bpf.ErrInvalid for a program that the kernel refuses, and
// ErrUndecided, with the reason, for a filter that no policy of at most 16384 rules is
// like: one that looks at the instruction pointer, at the upper half of an argument on an
// ABI of 32 bits or at part of an unknown AUDIT_ARCH token, or that computes
// its answer.
func (f Filter) Decompile(opts ...Option) (*Policy, error) {
	if err := f.sound(); err != nil {
		return nil, err
	}
	o := optionsOf(opts)
	d, err := f.decompiler(o.symbolic())
	if err != nil {
		return nil, err
	}
	if err := d.arches(); err != nil {
		return nil, err
	}
	if err := d.shortest(); err != nil {
		return nil, err
	}
	if err := f.Prove(d.policy, opts...); err != nil {
		return nil, fmt.Errorf("%w: the policy found is not proved: %w", ErrUndecided, err)
	}
	return d.policy, nil
}

var errRests = fmt.Errorf("%w: answers rest on a register that holds 32 or more and shifts, which the kernel leaves open", ErrUndecided)

// decompiler reads a policy off a diagram.
type decompiler struct {
	*symbolic.Graph
	answer   symbolic.Node
	policy   *Policy
	shares   []domainAnswer
	bad      symbolic.Node // the leaf BadArch
	defaults []Action      // that the policy may have
	found    []finding     // with one of them
}

// domainAnswer is what the filter answers for the calls of an ABI, and BadArch for all
// others.
type domainAnswer struct {
	abi  arch.Arch
	node symbolic.Node
}

// decompiler finds the filter's answer, in the first order that is not too large.
func (f Filter) decompiler(limits symbolic.Limits) (*decompiler, error) {
	q, err := newQuestion(f, Filter{}, limits)
	if err != nil {
		return nil, err
	}
	var first error
	for _, order := range q.Orders {
		o := order()
		if len(q.Meetings) > 0 {
			o = o.Together(q.Meetings)
		}
		g := symbolic.New(o, limits)
		answer, err := f.answers(g)
		if err == nil {
			err = g.Undecided()
		}
		if err == nil {
			n, ok := answer.Function()
			if !ok {
				return nil, fmt.Errorf("%w: the filter computes its answer from the call", ErrUndecided)
			}
			if g.Rests(symbolic.Difference{A: n, B: g.Leaf(uint32(Allow))}) {
				return nil, errRests
			}
			return &decompiler{Graph: g, answer: n, policy: &Policy{}}, nil
		}
		if first == nil {
			first = err
		}
	}
	return nil, first
}

// arches finds BadArch, the ABIs that get anything else, and what the default may
// be: what most numbers get, or what comes after it. Where unknown numbers get
// ENOSYS that is not what the filter was made with.
func (d *decompiler) arches() error {
	unknown := symbolic.True
	tokens := map[uint32]bool{}
	for _, abi := range arch.All() {
		tokens[abi.Audit()] = true
		unknown = d.And(unknown, d.Not(d.token(abi)))
	}
	var data symbolic.Data
	for tokens[data[archWordIndex]] {
		data[archWordIndex]++
	}
	bad, _ := d.Follow(d.answer, &data)
	d.bad, d.policy.BadArch = d.Leaf(bad), Action(bad)
	if other := (symbolic.Difference{A: d.Ite(unknown, d.answer, d.bad), B: d.bad}); !other.None() {
		w, _ := d.Witness(other)
		return fmt.Errorf("%w: %s gets another answer than %s, and no ABI has their AUDIT_ARCH tokens",
			ErrUndecided, describeCall(callOf(bpf.Data(w))), describeCall(callOf(bpf.Data(data))))
	}
	size := map[symbolic.Node]uint64{}
	for _, abi := range arch.All() {
		node := d.Ite(d.token(abi), d.Ite(domainOf(d.Graph, abi), d.answer, d.bad), d.bad)
		if node == d.bad {
			continue
		}
		d.policy.Arches = append(d.policy.Arches, abi)
		d.shares = append(d.shares, domainAnswer{abi, node})
		for r := range d.Regions(symbolic.Difference{A: d.Ite(d.within(abi), node, d.nothing()), B: d.nothing()}) {
			if conditional(r.Where) {
				continue
			}
			for _, c := range r.Where {
				if c.Word == nrWordIndex {
					for _, s := range c.Any {
						size[r.A] += uint64(s.To-s.From) + 1
					}
				}
			}
		}
	}
	d.defaults = d.largest(size)
	return nil
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

// rules are those beside a default.
func (d *decompiler) rules(action Action) ([]Rule, error) {
	d.found = d.found[:0]
	for i, s := range d.shares {
		if err := d.abi(i, s.node, action); err != nil {
			return nil, err
		}
	}
	if err := d.Err(); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUndecided, err)
	}
	return d.merged(), nil
}

// nothing is a leaf that no answer is.
func (d *decompiler) nothing() symbolic.Node { return d.Leaf(1) }

func (d *decompiler) token(abi arch.Arch) symbolic.Node {
	return d.Equal(symbolic.Input(archWordIndex, wholeWord), symbolic.Constant(abi.Audit()))
}

// within is where calls come through the ABI.
func (d *decompiler) within(abi arch.Arch) symbolic.Node {
	return d.And(d.token(abi), domainOf(d.Graph, abi))
}

// largest are the values of the three leaves with the largest sizes, BadArch if there
// is none.
func (d *decompiler) largest(size map[symbolic.Node]uint64) []Action {
	type sized struct {
		action Action
		size   uint64
	}
	var list []sized
	for n, s := range size {
		v, _ := d.LeafValue(n)
		list = append(list, sized{Action(v), s})
	}
	slices.SortFunc(list, func(a, b sized) int {
		return cmp.Or(cmp.Compare(b.size, a.size), cmp.Compare(a.action, b.action))
	})
	var actions []Action
	for _, s := range list[:min(len(list), 3)] {
		actions = append(actions, s.action)
	}
	if actions == nil {
		actions = []Action{d.policy.BadArch}
	}
	return actions
}

// conditional says whether a region is about more than the architecture and number.
func conditional(where []symbolic.Condition) bool {
	return slices.ContainsFunc(where, func(c symbolic.Condition) bool { return c.Word > archWordIndex })
}

// finding is what some calls of an ABI get if arguments are as values say.
type finding struct {
	abi    int // index in the policy's
	calls  Rule
	values values
	action Action
}

// values are conditions on arguments, all of which hold; a Mask of 0 is none.
type values [6]Values

// abi adds what is found for an ABI: all regions that do not get the default.
func (d *decompiler) abi(index int, node symbolic.Node, def Action) error {
	abi, standard := d.policy.Arches[index], d.Leaf(uint32(def))
	difference := symbolic.Difference{A: d.Ite(d.within(abi), node, standard), B: standard}
	for r := range d.Regions(difference) {
		v, _ := d.LeafValue(r.A)
		if err := d.region(index, r.Where, Action(v)); err != nil {
			return err
		}
		if len(d.found) > maxDecompiled {
			return fmt.Errorf("%w: more than %d rules", ErrUndecided, maxDecompiled)
		}
	}
	return nil
}

// region adds what is found for a region.
func (d *decompiler) region(index int, where []symbolic.Condition, action Action) error {
	abi := d.policy.Arches[index]
	var words [symbolic.Words][]symbolic.Set
	for _, c := range where {
		words[c.Word] = c.Any
	}
	if words[2] != nil || words[3] != nil {
		return fmt.Errorf("%w: the answer for %v rests on the instruction pointer", ErrUndecided, abi)
	}
	numbers := []Range{{0, wholeWord}}
	if sets := words[nrWordIndex]; sets != nil {
		numbers = numbers[:0]
		for _, s := range sets {
			if s.Mask != wholeWord {
				return fmt.Errorf("%w: the answer for %v rests on single bits of the number", ErrUndecided, abi)
			}
			numbers = append(numbers, Range{s.From, s.To})
		}
	}
	f := finding{abi: index, action: action}
	f.calls.name(abi, numbers)
	var conditions []Where
	for index := range 6 {
		low, high := words[4+2*index], words[5+2*index]
		if abi.BigEndian() {
			low, high = high, low
		}
		if abi.Bits() == 32 {
			if high != nil {
				return fmt.Errorf("%w: the answer for %v rests on the upper half of argument %d", ErrUndecided, abi, index)
			}
			if low != nil {
				high = []symbolic.Set{{Mask: wholeWord}} // which a policy takes for 0
			}
		}
		conditions = append(conditions, join(index, high, low)...)
	}
	d.product(f, conditions)
	return nil
}

// product adds what is found once for every choice of one set from each condition.
func (d *decompiler) product(f finding, conditions []Where) {
	if len(conditions) == 0 || len(d.found) > maxDecompiled {
		d.found = append(d.found, f)
		return
	}
	for _, s := range conditions[0].Any {
		next := f
		v := &next.values[conditions[0].Index]
		*v = v.and(s)
		d.product(next, conditions[1:])
	}
}

// and joins conditions on the two halves of an argument.
func (v Values) and(w Values) Values {
	return Values{Mask: v.Mask | w.Mask, From: v.From | w.From, To: v.To | w.To}
}

// conditions are those that hold for an argument in the set; most is the largest
// value that the argument can have.
func (s Values) conditions(index int, most uint64) []Arg {
	const low = uint64(wholeWord)
	switch {
	case s.Mask == 0:
		return nil
	case s.From == s.To && s.Mask == ^uint64(0):
		return []Arg{{Index: index, Op: EQ, Value: s.From}}
	case s.From == s.To:
		return []Arg{{Index: index, Op: MaskedEQ, Value: s.From, Mask: s.Mask}}
	}
	switch s.Mask {
	case ^uint64(0):
		return between(index, s.From, s.To, most, false)
	case low:
		return between(index, s.From, s.To, low, true)
	case low << 32:
		return between(index, s.From, s.To|low, ^uint64(0), false)
	}
	// Some bits of the upper half and a range of the lower.
	return append([]Arg{{Index: index, Op: MaskedEQ, Value: s.From &^ low, Mask: s.Mask &^ low}},
		between(index, s.From&low, s.To&low, low, true)...)
}

// between are conditions that hold from one value to another.
func between(index int, from, to, most uint64, narrow bool) []Arg {
	var list []Arg
	if from > 0 {
		list = append(list, Arg{Index: index, Op: GE, Value: from, Narrow: narrow})
	}
	if to < most {
		list = append(list, Arg{Index: index, Op: LE, Value: to, Narrow: narrow})
	}
	return list
}

// name makes the rule one about numbers: by name, and where an ABI has none by
// range. A range with nothing but calls unnamed at its ends stays whole.
func (r *Rule) name(abi arch.Arch, numbers []Range) {
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
				r.Numbers = append(r.Numbers, Range{uint32(from), nr - 1})
			}
			r.Syscalls = append(r.Syscalls, name)
			from = uint64(nr) + 1
		}
		if from <= uint64(n.To) {
			r.Numbers = append(r.Numbers, Range{uint32(from), n.To})
		}
	}
}
