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

// mostSaid is how many rules may be written for one rule of a policy. A range of an
// argument's values with two ends is written as blocks, up to 126 of them (blocks), and the
// blocks of several arguments multiply. Nobody reads, or checks, a document beyond that.
const mostSaid = 256

// mostSingle is how many values of a range are written one by one, which people read
// more easily than blocks.
const mostSingle = 8

// errValues says that an argument's values would take more than mostSaid conditions: an
// argument whose low half is in a range while its high half is in another, for instance.
var errValues = errors.New("scattered values")

// say returns the rules of a document for one call of one ABI. Where the document's default
// is not the policy's, the arguments that no rule matches need rules too (complement).
//
// Docker's format has one condition for each argument in a rule: runc takes two on the
// same argument for alternatives (matchCall, libcontainer/seccomp). What a policy asks of
// one argument must therefore become one condition, or several rules. The functions below
// first collect it as ranges and masks (demand), and then write it as conditions of which
// one holds.
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

// sets returns the rules that give an action to a call under conditions, none if that is the
// document's default. Each rule has one choice for each argument that is looked at, so two
// arguments with two choices each become four rules.
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

// complement returns the arguments that no rule matches, as lists of conditions: all of some
// list hold. It negates one condition of each rule in every combination,
//
//	not (a and b), and not (c)  ->  (not a, not c) or (not b, not c)
//
// which may be very many. It then returns the first of them, and the proof of the whole
// document finds what is missing.
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

// product appends to every list each of the choices in turn; without choices (nil) it
// returns the lists. An empty list of choices is no way for the conditions to hold, and
// has no result.
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

// block is the values whose bits in mask are those of value. That is what
// SCMP_CMP_MASKED_EQ can say in one condition.
type block struct{ mask, value uint64 }

// and returns the values in both blocks; it is false if the blocks want one bit to be 0
// and 1.
func (b block) and(c block) (block, bool) {
	return block{b.mask | c.mask, b.value | c.value}, b.mask&c.mask&(b.value^c.value) == 0
}

// stretch is the values from first to last, both included.
type stretch struct{ first, last uint64 }

// demand is what conditions ask of one argument. The argument is in one of the stretches of
// whole, its low 32 bits are in one of those of low, and its bits are those of the block.
type demand struct {
	whole, low []stretch // low: of its low half
	bits       block
	never      bool
}

// conditions returns the conditions of which one must hold for one argument. Nil means that
// nothing is asked of the argument, and an empty list that no value will do. Bits is the
// width of the ABI's arguments, 32 or 64.
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

// add adds a condition. Most is the largest value of the argument. A mask of all bits is a
// comparison, which says more in the form of a range.
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

// stretches returns the values from 0 to most for which a comparison holds: two stretches
// for NE, none or one for the others.
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

// compared returns conditions for the values in some stretches: comparisons where one end is
// open, values one by one where the range is short, and else blocks. Nil means all values.
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

// condition says that the argument is in the block. In documents the value of a masked
// comparison is the mask, and valueTwo what the masked argument must be: 4..7 is value
// 0xfffffffffffffffc and valueTwo 4.
func (b block) condition(index int) profile.Arg {
	if b.mask == ^uint64(0) {
		return profile.Arg{Index: uint32(index), Op: "SCMP_CMP_EQ", Value: b.value}
	}
	return profile.Arg{Index: uint32(index), Op: "SCMP_CMP_MASKED_EQ", Value: b.mask, ValueTwo: b.value}
}

// blocks returns the stretch as the fewest blocks: from the left, the largest block that
// begins there and fits. 3..9 becomes 3, 4..7, 8..9. At most two blocks of each size are
// needed, so 126 for 64 bits.
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

// masked returns conditions for a demand with bits, or on the low half: blocks of the
// ranges, cut with each other and with the bits.
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

// alike reports whether two lists of rules decide the same on a call of an ABI. They may
// look different: on an ABI of 32 bits a comparison of 64 means the same, and a range can
// be cut into blocks in more than one way.
func (f *fromPolicy) alike(a arch.Arch, name string, x, y []said) bool {
	for range proof.Diff(proof.Of(f.about(a, name, x)), proof.Of(f.about(a, name, y))) {
		return false // different, or undecided: whoever proves the whole says why
	}
	return true
}

// about returns the policy that a list of rules is for one call.
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
