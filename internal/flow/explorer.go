// SPDX-License-Identifier: Apache-2.0

package flow

import (
	"slices"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/bpf"
	"github.com/gosieve/sieve/seccomp"
)

// budget is how much work a program may take: instructions looked at, for each of them the
// ranges that lead there. Docker's default on 24 ABIs takes a fiftieth of it.
const budget = 8 << 20

// explorer goes through a program in the order of its instructions. When a vertex is looked
// at, all that lead to it have been, since jumps lead forward: what is known of it is final.
type explorer struct {
	program  bpf.Program
	need     []bool // needed
	entry    []bool // entries
	vertices map[state]*vertex
	at       [][]*vertex // by instruction, in the order in which they were found
	facts    []fact
	left     int // of the budget
}

// explore is the program's vertices by state. It is false for a program that takes too much.
func explore(p bpf.Program) (*explorer, bool) {
	e := &explorer{program: p, need: needed(p), entry: entries(p), vertices: map[state]*vertex{},
		at: make([][]*vertex, len(p)), facts: make([]fact, len(p)), left: budget}
	e.reach(state{acc: unknown}, knowledge{all(), all()})
	for pc := range p {
		for k := 0; k < len(e.at[pc]); k++ {
			e.look(e.at[pc][k])
			if e.left < 0 {
				return e, false
			}
		}
	}
	return e, true
}

// spend takes from the budget, and says whether there was enough.
func (e *explorer) spend(n int) bool {
	e.left -= n
	return e.left >= 0
}

// reach notes that a state can be come to. It returns the state as it is kept.
func (e *explorer) reach(s state, k knowledge) state {
	if !e.need[s.pc] {
		s.acc = unknown
	}
	e.spend(len(k.numbers) + len(k.tokens))
	if v := e.vertices[s]; v != nil {
		v.knowledge = v.knowledge.union(k)
		return s
	}
	v := &vertex{state: s, knowledge: k}
	e.vertices[s] = v
	e.at[s.pc] = append(e.at[s.pc], v)
	return s
}

// look finds out what a vertex does. Loads and plain jumps decide nothing: what counts is
// the instruction that they lead to.
func (e *explorer) look(v *vertex) {
	pc, acc := v.pc, v.acc
	for {
		v.pcs = append(v.pcs, pc)
		if !e.spend(1) {
			return
		}
		e.note(pc, acc, v.abi, v.numbers)
		i := e.program[pc]
		if next, ok := acc.after(i); ok {
			pc, acc = pc+1, next
			continue
		}
		switch {
		case i.Op == bpf.OpJa:
			pc += 1 + int(i.K)
			continue
		case i.Op == bpf.OpRetK:
			v.kind, v.value = Answer, i.K
		case len(acc.questions(i)) > 0:
			v.pcs = v.pcs[:len(v.pcs)-1]
			e.fold(v, pc, acc)
		default:
			v.kind, v.pcs = Code, nil
			e.code(v)
		}
		return
	}
}

// code makes v a vertex of instructions that are shown as they are, up to the end of the basic
// block or to where a field is tested.
func (e *explorer) code(v *vertex) {
	acc := v.acc
	for pc := v.pc; ; pc++ {
		v.pcs, v.last = append(v.pcs, pc), pc
		if !e.spend(1) {
			return
		}
		e.note(pc, acc, v.abi, v.numbers)
		i := e.program[pc]
		if ends(i.Op) || e.entry[pc+1] || e.tests(pc+1) {
			acc = acc.through(i.Op, i.K)
			for _, to := range jumps(e.program, pc) {
				v.exits = append(v.exits, exit{to: e.reach(state{v.abi, to, acc}, v.knowledge)})
			}
			return
		}
		acc = acc.through(i.Op, i.K)
	}
}

// through is the accumulator after any instruction.
func (a accumulator) through(op uint16, k uint32) accumulator {
	switch {
	case op == bpf.OpLdAbs:
		return accumulator{int(k / 4), most}
	case op == bpf.OpAndK && a.word >= 0:
		return accumulator{a.word, a.mask & k}
	case ends(op):
		return a
	}
	switch op {
	case bpf.OpSt, bpf.OpStx, bpf.OpLdxImm, bpf.OpLdxMem, bpf.OpLdxLen, bpf.OpTax:
		return a
	}
	return unknown
}

// tests says whether a field is loaded at pc in order to be compared with constants.
func (e *explorer) tests(pc int) bool {
	i := e.program[pc]
	if i.Op != bpf.OpLdAbs {
		return false
	}
	for acc, ok := unknown.after(i); ok; acc, ok = acc.after(e.program[pc]) {
		pc++
		if len(acc.questions(e.program[pc])) > 0 {
			return true
		}
	}
	return false
}

// leave adds the exits of a test: one for each place that it leads to or, where it has
// found out the ABI of the call, one for each ABI.
func (e *explorer) leave(v *vertex, to state, r Region) {
	known := v.knowledge
	switch {
	case v.field == fieldNumber && v.whole():
		known.numbers = r[0].Low
	case v.field == fieldArch && v.whole():
		known.tokens = r[0].Low
		if v.abi.Valid() {
			break
		}
		for _, abi := range arch.All() {
			token := abi.Audit()
			found := slices.Contains(known.tokens, seccomp.Range{From: token, To: token})
			if numbers := known.numbers.intersect(numbersOf(abi)); found && len(numbers) > 0 {
				to.abi = abi
				s := e.reach(to, knowledge{numbers, only(token)})
				v.exits = append(v.exits, exit{s, words(only(token))})
			}
		}
		to.abi = 0
		known.tokens = known.tokens.intersect(unnamed(known.tokens))
		if len(known.tokens) == 0 {
			return
		}
		r = words(known.tokens)
	}
	v.exits = append(v.exits, exit{e.reach(to, known), r})
}

// unnamed is the values of a set but for the tokens of ABIs that stand alone in it.
func unnamed(tokens Set) Set {
	var rest Set
	for _, r := range tokens {
		if _, ok := arch.Of(r.From, 0); !ok || r.From != r.To {
			rest = append(rest, r)
		}
	}
	return rest
}

// numbersOf is the numbers that calls of an ABI can have. Only x86_64 and x32 divide them
// (arch.Of).
func numbersOf(abi arch.Arch) Set {
	base := arch.X32.Base()
	switch abi {
	case arch.X86_64:
		return Set{{From: 0, To: base - 1}, {From: most, To: most}}
	case arch.X32:
		return Set{{From: base, To: most - 1}}
	}
	return all()
}
