// SPDX-License-Identifier: Apache-2.0

package flow

import (
	"math/bits"

	xbpf "golang.org/x/net/bpf"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/bpf"
	"github.com/gosieve/sieve/seccomp"
)

// accumulator is what the accumulator holds: a word of struct seccomp_data, of which the bits
// outside mask are cleared. Word is unknown (-1) where it is anything else.
type accumulator struct {
	word int
	mask uint32
}

// unknown is the accumulator of which nothing is known.
var unknown = accumulator{word: -1}

// Fields of struct seccomp_data, and the words that they begin with.
const (
	fieldNumber = 0
	fieldArch   = 1
	fieldIP     = 2
	fieldArgs   = 4
)

// after is the accumulator after an instruction that goes on to the next and does nothing
// else; ok is false for all other instructions.
func (a accumulator) after(i xbpf.RawInstruction) (next accumulator, ok bool) {
	switch {
	case i.Op == bpf.OpLdAbs:
		return accumulator{int(i.K / 4), most}, true
	case i.Op == bpf.OpAndK && a.word >= 0:
		return accumulator{a.word, a.mask & i.K}, true
	}
	return a, false
}

// field is which field the word belongs to, by its first word, and whether the word is the
// high half. Where the byte order is not known each word is a field of its own.
func (a accumulator) field(abi arch.Arch) (field int, high bool) {
	if a.word < fieldIP || !abi.Valid() {
		return a.word, false
	}
	return a.word &^ 1, (a.word&1 == 1) != abi.BigEndian()
}

// question is a comparison of the accumulator with a constant: does the word, cut to the bits
// of mask, have one of the values?
type question struct {
	mask   uint32
	values Set
}

// questions are the ways to put what a conditional jump asks. There are two for JSET: as
// values of the word, where they are few ranges, and as the bits alone.
func (a accumulator) questions(i xbpf.RawInstruction) []question {
	if a.word < 0 {
		return nil
	}
	switch i.Op {
	case bpf.OpJeqK:
		return []question{{a.mask, only(i.K)}}
	case bpf.OpJgeK:
		return []question{{a.mask, Set{{From: i.K, To: most}}}}
	case bpf.OpJgtK:
		if i.K == most {
			return []question{{a.mask, nil}}
		}
		return []question{{a.mask, Set{{From: i.K + 1, To: most}}}}
	case bpf.OpJsetK:
		shared := question{a.mask & i.K, Set{{From: 1, To: most}}}
		none, ok := without(i.K)
		if ok && (a.word < fieldIP || i.K&1 == 1) { // bits of an argument are flags, unless single values are left
			return []question{{a.mask, none.complement()}, shared}
		}
		return []question{shared}
	}
	return nil
}

// without is the values that share no bit with mask. It is false if they are more than a
// reader would want to see.
func without(mask uint32) (Set, bool) {
	const few = 2
	run := bits.TrailingZeros32(mask) // bits below the lowest one: a range
	free := ^mask &^ (1<<run - 1)
	if bits.OnesCount32(free) > few {
		return nil, false
	}
	var set Set
	for v := uint32(0); ; v = (v - free) & free { // every combination of the free bits, ascending
		set = set.union(Set{seccomp.Range{From: v, To: v | (1<<run - 1)}})
		if v == free {
			return set, true
		}
	}
}
