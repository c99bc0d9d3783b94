// SPDX-License-Identifier: Apache-2.0

package symbolic

import "fmt"

// A filter of thousands of rules is too much for one diagram, and its parts are not: most
// of it is a dispatch on the number, and then a short part for each call. Package
// seccomp/proof explores such a program part by part. The cuts between parts are
// instructions that all paths come through, so what one part hands on is few starts.

// Parts is a program that is explored part by part: from where a part starts to
// where others do.
type Parts struct {
	code []Instruction
	live []registers
}

// NewParts makes Parts of a program that the kernel accepts.
func NewParts(code []Instruction) *Parts { return &Parts{code, liveness(code)} }

// Start is where a part starts: an instruction and what the registers hold there.
// Starts are equal if what follows is the same.
//
// A Start can be a key of a map. A part hands its starts on as leaves, and the caller
// explores each different one once.
type Start struct {
	Instruction int
	state       state
}

// errApart is a part whose registers hold functions of many bits, or that computes what
// it returns.
var errApart = fmt.Errorf("%w: the program cannot be explored in parts", ErrUndecided)

// Part is the function of all inputs that the program computes from a start on. Where it
// comes to an instruction that stops it, the value is that of leaf. The first
// instruction stops it too if it should.
//
// leaf numbers the starts; those numbers must differ from the values that the program
// returns, or the two cannot be told apart. The error wraps ErrUndecided where the part
// computes too much for this method: explore the whole program then.
func (g *Graph) Part(p *Parts, from Start, stop func(pc int) bool, leaf func(Start) uint32) (Node, error) {
	e := explorer{Graph: g, code: p.code, live: p.live, start: from.Instruction}
	e.stop = stop
	e.work(len(p.code) / 16)
	points, ok, err := e.forward(from.state)
	switch {
	case err != nil:
		return False, err
	case !ok || e.apart(points) || e.computes(points):
		return False, errApart
	}
	e.leaf = leaf
	return e.answers(points, func(v Value) Node { return e.Leaves(v) })
}

// apart says whether the program is stopped where a register holds functions of bits, or
// the scratch memory anything. Those belong to this graph, and the next part is explored
// in another one. Constants and words of the input are the same everywhere.
func (e *explorer) apart(p *points) bool {
	for i := range p.list {
		s := &p.list[i]
		if s.stopped && (s.a.kind == function || s.x.kind == function || s.m != nil) {
			return true
		}
	}
	return false
}

// LoadsArgument says whether an instruction reads a word behind the architecture
// and the number.
//
// Offsets 0 and 4 of struct seccomp_data are the number and the architecture; from 8 on
// come the instruction pointer and the arguments.
func (p *Parts) LoadsArgument(pc int) bool {
	i := p.code[pc]
	return i.loadsWord() && i.K >= 8
}

// Cuts are the instructions that all paths from an instruction come through, unless they
// return before, in order.
//
// far is the last instruction that some branch before pc leads to. If none leads beyond
// pc, every path that has not returned goes through it. A jump (JA) is followed to its
// end, and returns are not counted, since a filter shares them at its end.
func (p *Parts) Cuts(from int) []int {
	reached := make([]bool, len(p.code))
	reached[from] = true
	far := from
	var cuts []int
	for pc := from; pc < len(p.code); pc++ {
		i := p.code[pc]
		if !reached[pc] || i.returns() || i.jumps() {
			continue
		}
		if pc > from && far <= pc {
			cuts = append(cuts, pc)
		}
		next := [2]int{pc + 1, pc + 1}
		if i.branch() {
			next = [2]int{pc + 1 + int(i.Jt), pc + 1 + int(i.Jf)}
		}
		for _, t := range next {
			if t = p.target(t); !p.code[t].returns() {
				reached[t] = true
				far = max(far, t)
			}
		}
	}
	return cuts
}

// target is the instruction that is reached from an instruction by jumps (JA) alone.
func (p *Parts) target(pc int) int {
	for p.code[pc].jumps() {
		pc += 1 + int(p.code[pc].K)
	}
	return pc
}

// Loads are the words that the program may read from an instruction on, in the order in
// which it does first.
//
// A diagram that looks at the words in this order follows the program, so a part is about
// as large as its code.
func (p *Parts) Loads(from int) []uint8 {
	reached := make([]bool, len(p.code))
	reached[from] = true
	var words []uint8
	seen := uint16(0)
	for pc := from; pc < len(p.code); pc++ {
		if !reached[pc] {
			continue
		}
		i := p.code[pc]
		if i.loadsWord() && seen>>(i.K/4)&1 == 0 {
			seen |= 1 << (i.K / 4)
			words = append(words, uint8(i.K/4))
		}
		switch {
		case i.returns():
		case i.jumps():
			reached[pc+1+int(i.K)] = true
		case i.branch():
			reached[pc+1+int(i.Jt)], reached[pc+1+int(i.Jf)] = true, true
		default:
			reached[pc+1] = true
		}
	}
	return words
}

// First is the order with those words before all others.
//
// An order with a group of several words stays as it is: moving one word out of it would
// undo Together.
func (o Order) First(words []uint8) Order {
	var groups [][]uint8
	for _, w := range words {
		groups = append(groups, []uint8{w})
	}
	for _, group := range o.groups {
		if len(group) != 1 {
			return o
		}
		placed := false
		for _, w := range words {
			placed = placed || w == group[0]
		}
		if !placed {
			groups = append(groups, group)
		}
	}
	return NewOrder(groups...)
}

// Less is the limits without steps that were spent already; one step at least is left.
func (l Limits) Less(spent int) Limits {
	all := newMeter(l).limits
	all.Steps = max(all.Steps-spent, 1)
	return all
}

// Share is the limits of one of so many tries: a part of the steps, and all of the memory.
//
// Tries follow one another and free what they held, so each may have all of the memory.
func (l Limits) Share(of int) Limits {
	all := newMeter(l).limits
	all.Steps = max(all.Steps/of, 1)
	return all
}
