// SPDX-License-Identifier: Apache-2.0

package document

import (
	"errors"
	"slices"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/scmp"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/proof"
)

// mostSaid is how many rules may be written for one rule of a policy: a range of
// an argument's values with two ends is written as blocks, each of which is what
// some upper bits allow.
const mostSaid = 256

// mostSingle is how many values of a range are written one by one, which people read
// more easily than blocks.
const mostSingle = 8

var errValues = errors.New("scattered values")

// say is what is decided on a call, as rules of a document.
func (f *fromPolicy) say(a arch.Arch, nr uint32, name string) []said {
	var list []said
	rules := Matching(f.policy, a, nr)
	for _, r := range rules { // rules of decompiled policies do not overlap
		list = append(list, f.sets(a, name, r.Action, r.Args)...)
	}
	if f.policy.Default == f.def || len(rules) > 0 && len(rules[len(rules)-1].Args) == 0 {
		return list
	}
	for _, args := range complement(rules) {
		list = append(list, f.sets(a, name, f.policy.Default, args)...)
	}
	return list
}

// sets are the rules for an action under conditions, none for the default's action.
func (f *fromPolicy) sets(a arch.Arch, name string, action seccomp.Action, args []seccomp.Arg) []said {
	if action == f.def {
		return nil
	}
	all := [][]profile.Arg{nil}
	for index := range 6 {
		choices, err := conditions(args, index, a.Bits())
		if err != nil {
			f.cannot("%v of argument %d of %s on %v", err, index, name, a)
			return nil
		}
		all = product(all, choices)
	}
	if len(all) > mostSaid {
		f.cannot("%d sets of arguments of %s on %v", len(all), name, a)
		return nil
	}
	var list []said
	for _, args := range all {
		list = append(list, said{action, args})
	}
	return list
}

// complement is the arguments that no rule matches, as lists of conditions of which
// all of one hold. Where it would be very long, it ends early: whoever proves the whole
// finds it.
func complement(rules []*seccomp.Rule) [][]seccomp.Arg {
	all := [][]seccomp.Arg{nil}
	for _, r := range rules {
		var next [][]seccomp.Arg
		for _, list := range all {
			for _, a := range r.Args {
				for _, n := range negated(a) {
					next = append(next, append(slices.Clip(list), n))
				}
			}
		}
		all = next[:min(len(next), 4*mostSaid)]
	}
	return all
}

// negated is conditions of which one holds where another does not.
func negated(a seccomp.Arg) []seccomp.Arg {
	if a.Op == seccomp.MaskedEQ {
		var list []seccomp.Arg
		for bit := uint64(1); bit != 0; bit <<= 1 {
			if a.Mask&bit != 0 {
				list = append(list, seccomp.Arg{Index: a.Index, Op: seccomp.MaskedEQ, Mask: bit, Value: ^a.Value & bit, Narrow: a.Narrow})
			}
		}
		return list
	}
	opposite := map[seccomp.Op]seccomp.Op{seccomp.EQ: seccomp.NE, seccomp.NE: seccomp.EQ, seccomp.LT: seccomp.GE,
		seccomp.GE: seccomp.LT, seccomp.LE: seccomp.GT, seccomp.GT: seccomp.LE}
	a.Op = opposite[a.Op]
	return []seccomp.Arg{a}
}

// product joins every list with every choice, if there are any.
func product(lists [][]profile.Arg, choices []profile.Arg) [][]profile.Arg {
	if choices == nil {
		return lists
	}
	var all [][]profile.Arg
	for _, l := range lists {
		for _, c := range choices {
			all = append(all, append(slices.Clip(l), c))
		}
	}
	return all
}

// lower is the bits of an argument's low half.
const lower = uint64(1<<32 - 1)

// block is the values whose bits in mask are those of value.
type block struct{ mask, value uint64 }

// and is the values in both blocks, if there are any.
func (b block) and(c block) (block, bool) {
	return block{b.mask | c.mask, b.value | c.value}, b.mask&c.mask&(b.value^c.value) == 0
}

// stretch is the values from first to last.
type stretch struct{ first, last uint64 }

// demand is what conditions ask of one argument: that it is in one of the stretches of
// each list and in the block.
type demand struct {
	whole, low []stretch // low: of its low half
	bits       block
	never      bool
}

// conditions are those on one argument, of which one must hold; nil if there is
// none. The argument has so many bits.
func conditions(args []seccomp.Arg, index, bits int) ([]profile.Arg, error) {
	most := ^uint64(0)
	if bits == 32 {
		most = lower
	}
	all := []stretch{{0, most}}
	d := demand{whole: all, low: []stretch{{0, lower}}}
	for _, c := range args {
		if c.Index == index {
			d.add(c, most)
		}
	}
	switch {
	case d.never || len(d.whole) == 0 || len(d.low) == 0:
		return []profile.Arg{}, nil
	case d.bits.mask == 0 && slices.Equal(d.low, []stretch{{0, lower}}):
		return compared(index, d.whole, most)
	}
	return d.masked(index, most)
}

// add adds a condition on an argument that is most at the most.
func (d *demand) add(c seccomp.Arg, most uint64) {
	list, end := &d.whole, most
	if c.Narrow && most != lower {
		list, end = &d.low, lower
	}
	if c.Op == seccomp.MaskedEQ {
		value := c.Value & c.Mask
		if value > end {
			d.never = true
			return
		}
		if c.Mask&end != end {
			b, ok := d.bits.and(block{c.Mask & end, value})
			d.bits, d.never = b, d.never || !ok
			return
		}
		c.Op, c.Value = seccomp.EQ, value
	}
	var next []stretch
	for _, s := range *list {
		for _, t := range stretches(c, end) {
			if first, last := max(s.first, t.first), min(s.last, t.last); first <= last {
				next = append(next, stretch{first, last})
			}
		}
	}
	*list = next
}

// stretches are the values for which a comparison holds.
func stretches(c seccomp.Arg, most uint64) []stretch {
	var list []stretch
	below := func(v uint64) {
		if v > 0 {
			list = append(list, stretch{0, min(v-1, most)})
		}
	}
	from := func(v uint64) {
		if v <= most {
			list = append(list, stretch{v, most})
		}
	}
	above := func(v uint64) {
		if v < most {
			from(v + 1)
		}
	}
	switch c.Op {
	case seccomp.EQ:
		if c.Value <= most {
			list = []stretch{{c.Value, c.Value}}
		}
	case seccomp.NE:
		below(c.Value)
		above(c.Value)
	case seccomp.LT:
		below(c.Value)
	case seccomp.LE:
		list = []stretch{{0, min(c.Value, most)}}
	case seccomp.GT:
		above(c.Value)
	case seccomp.GE:
		from(c.Value)
	}
	return list
}

// compared are conditions for stretches of an argument whose greatest value is most.
func compared(index int, list []stretch, most uint64) ([]profile.Arg, error) {
	one := func(op string, value uint64) profile.Arg {
		return profile.Arg{Index: uint32(index), Op: op, Value: value}
	}
	if len(list) == 2 && list[0].first == 0 && list[1].last == most && list[0].last+2 == list[1].first {
		return []profile.Arg{one("SCMP_CMP_NE", list[0].last+1)}, nil
	}
	var args []profile.Arg
	for _, s := range list {
		switch {
		case s == stretch{0, most}:
			return nil, nil
		case s.first == s.last:
			args = append(args, one("SCMP_CMP_EQ", s.first))
		case s.first == 0:
			args = append(args, one("SCMP_CMP_LE", s.last))
		case s.last == most:
			args = append(args, one("SCMP_CMP_GE", s.first))
		case s.last-s.first < mostSingle:
			for v := s.first; v <= s.last; v++ {
				args = append(args, one("SCMP_CMP_EQ", v))
			}
		default:
			for _, b := range s.blocks() {
				args = append(args, b.condition(index))
			}
		}
		if len(args) > mostSaid {
			return nil, errValues
		}
	}
	return args, nil
}

// condition says that the argument is in the block.
func (b block) condition(index int) profile.Arg {
	if b.mask == ^uint64(0) {
		return profile.Arg{Index: uint32(index), Op: "SCMP_CMP_EQ", Value: b.value}
	}
	return profile.Arg{Index: uint32(index), Op: "SCMP_CMP_MASKED_EQ", Value: b.mask, ValueTwo: b.value}
}

// blocks are the stretch as the fewest blocks of neighbours.
func (s stretch) blocks() []block {
	var list []block
	for {
		size := uint64(1) // 0 stands for 1<<64
		for size != 0 && s.first&size == 0 && s.first|(size<<1-1) <= s.last {
			size <<= 1
		}
		list = append(list, block{^(size - 1), s.first})
		end := s.first | (size - 1)
		if end >= s.last {
			return list
		}
		s.first = end + 1
	}
}

// masked are conditions for demands of which comparisons alone say not all.
func (d *demand) masked(index int, most uint64) ([]profile.Arg, error) {
	list := []block{d.bits}
	for _, part := range []struct {
		stretches []stretch
		most      uint64
		mask      uint64
	}{{d.whole, most, ^uint64(0)}, {d.low, lower, lower}} {
		if slices.Equal(part.stretches, []stretch{{0, part.most}}) {
			continue
		}
		var next []block
		for _, s := range part.stretches {
			for _, b := range s.blocks() {
				b.mask &= part.mask
				for _, c := range list {
					if both, ok := b.and(c); ok {
						next = append(next, both)
					}
				}
			}
			if len(next) > mostSaid {
				return nil, errValues
			}
		}
		list = next
	}
	args := []profile.Arg{}
	for _, b := range list {
		args = append(args, b.condition(index))
	}
	return args, nil
}

// alike says whether two lists decide the same on a call of an ABI: on one of 32 bits
// rules may be said as for one of 64, and ranges have more than one set of blocks.
func (f *fromPolicy) alike(a arch.Arch, name string, x, y []said) bool {
	for range proof.Diff(proof.Of(f.about(a, name, x)), proof.Of(f.about(a, name, y))) {
		return false // different, or undecided: whoever proves the whole says why
	}
	return true
}

// about is a policy for one call.
func (f *fromPolicy) about(a arch.Arch, name string, list []said) *seccomp.Policy {
	p := &seccomp.Policy{Arches: []arch.Arch{a}, Default: f.def}
	for _, s := range list {
		r := seccomp.Rule{Syscalls: []string{name}, Action: s.action}
		for i := range s.args {
			r.Args = append(r.Args, scmp.Condition(s.args[i].Index, s.args[i].Op, s.args[i].Value, s.args[i].ValueTwo))
		}
		p.Rules = append(p.Rules, r)
	}
	return p
}
