// SPDX-License-Identifier: Apache-2.0

package flow

import (
	"slices"

	"github.com/gosieve/sieve/bpf"
)

// rowsAtMost is how many rows a region may have within a test. Where more come together the
// test ends and another begins.
const rowsAtMost = 256

// folder takes the consecutive tests of one field together.
type folder struct {
	*explorer
	v       *vertex
	regions map[place]Region
	queue   []place // ascending
}

// place is an instruction and the accumulator there.
type place struct {
	pc  int
	acc accumulator
}

// fold makes v the test of the field in acc, from the comparison at pc on. It follows the
// values of the field through the program as long as nothing but this field is asked.
func (e *explorer) fold(v *vertex, pc int, acc accumulator) {
	f := &folder{explorer: e, v: v, regions: map[place]Region{}}
	v.kind, v.masks = Test, [2]uint32{most, most}
	v.field, _ = acc.field(v.abi)
	f.choose(acc, acc.questions(e.program[pc])[0])
	f.come(place{pc, acc}, f.start())
	var order []state
	exits := map[state]Region{}
	for len(f.queue) > 0 {
		at := f.queue[0]
		f.queue = f.queue[1:]
		region := f.regions[at]
		if !e.spend(1 + region.ranges()) {
			return
		}
		if (at.pc == pc || len(region) <= rowsAtMost) && f.step(at, region) {
			v.pcs = append(v.pcs, at.pc)
			continue
		}
		s := state{v.abi, at.pc, at.acc}
		if !e.need[at.pc] {
			s.acc = unknown
		}
		if _, ok := exits[s]; !ok {
			order = append(order, s)
		}
		exits[s] = exits[s].union(region)
	}
	slices.Sort(v.pcs)
	v.pcs = slices.Compact(v.pcs)
	for _, s := range order {
		e.leave(v, s, exits[s])
	}
}

// start is the values that the field can have where the test begins.
func (f *folder) start() Region {
	switch {
	case f.v.field == fieldNumber && f.v.whole():
		return words(f.v.numbers)
	case f.v.field == fieldArch && f.v.whole():
		return words(f.v.tokens)
	}
	return everything()
}

// choose fixes the bits of a half that this test compares. It is false if the test compares
// others already.
func (f *folder) choose(acc accumulator, q question) bool {
	half := 0
	if _, high := acc.field(f.v.abi); high {
		half = 1
	}
	if f.v.tested[half] && f.v.masks[half] != q.mask {
		return false
	}
	f.v.masks[half], f.v.tested[half] = q.mask, true
	return true
}

// come adds values to those that come to a place.
func (f *folder) come(at place, r Region) {
	if len(r) == 0 {
		return
	}
	old, ok := f.regions[at]
	f.regions[at] = old.union(r)
	if !ok {
		k, _ := slices.BinarySearchFunc(f.queue, at, func(a, b place) int {
			if a.pc != b.pc {
				return a.pc - b.pc
			}
			if a.acc.word != b.acc.word {
				return a.acc.word - b.acc.word
			}
			return int(int64(a.acc.mask) - int64(b.acc.mask))
		})
		f.queue = slices.Insert(f.queue, k, at)
	}
}

// step follows the instruction at a place. It is false where the test of the field ends.
func (f *folder) step(at place, r Region) bool {
	i := f.program[at.pc]
	if next, ok := at.acc.after(i); ok {
		field, _ := next.field(f.v.abi)
		if field != f.v.field {
			return false
		}
		f.observe(at, r)
		f.come(place{at.pc + 1, next}, r)
		return true
	}
	if i.Op == bpf.OpJa {
		f.observe(at, r)
		f.come(place{at.pc + 1 + int(i.K), at.acc}, r)
		return true
	}
	field, high := at.acc.field(f.v.abi)
	if field != f.v.field {
		return false
	}
	for _, q := range at.acc.questions(i) {
		if !f.choose(at.acc, q) {
			continue
		}
		f.observe(at, r)
		f.come(place{at.pc + 1 + int(i.Jt), at.acc}, r.cut(high, q.values))
		f.come(place{at.pc + 1 + int(i.Jf), at.acc}, r.cut(high, q.values.complement()))
		return true
	}
	return false
}

// observe notes what is known at a place within the test.
func (f *folder) observe(at place, r Region) {
	numbers := f.v.numbers
	if f.v.field == fieldNumber && f.v.whole() && len(r) > 0 {
		numbers = r[0].Low
	}
	f.note(at.pc, at.acc, f.v.abi, numbers)
}
