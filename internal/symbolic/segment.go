// SPDX-License-Identifier: Apache-2.0

package symbolic

import "fmt"

// A filter of thousands of rules is too much for one diagram, and its segments are not: most
// of it is a dispatch on the number, and then a short segment for each call. Package
// seccomp/proof explores such a program segment by segment. The cut points between segments
// are instructions that all paths come through, so what one segment hands on is few starts.

// Program is a program that is explored in segments: from where one starts to where others
// do.
type Program struct {
	code []Instruction
	live []registers
}

// NewProgram prepares a program that the kernel accepts.
func NewProgram(code []Instruction) *Program { return &Program{code, liveness(code)} }

// Start is where a segment starts: an instruction and what the registers hold there.
// Starts are equal if what follows is the same.
//
// A Start can be a key of a map. A segment hands its starts on as leaves, and the caller
// explores each different one once.
type Start struct {
	Instruction int
	state       state
}

// errApart is a segment whose registers hold functions of many bits, or that computes what
// it returns.
var errApart = fmt.Errorf("%w: the program cannot be explored in parts", ErrUndecided)

// Segment is the function of all inputs that the program computes from a start on. Where it
// comes to an instruction that stops it, the value is that of leaf. The first
// instruction stops it too if it should.
//
// leaf numbers the starts; those numbers must differ from the values that the program
// returns, or the two cannot be told apart. The error wraps ErrUndecided where the
// segment computes too much for this method: explore the whole program then.
func (g *Graph) Segment(p *Program, from Start, stop func(pc int) bool, leaf func(Start) uint32) (Node, error) {
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
// the scratch memory anything. Those belong to this graph, and the next segment is explored
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
func (p *Program) LoadsArgument(pc int) bool {
	i := p.code[pc]
	return i.loadsWord() && i.K >= 8
}

// Cuts are the instructions that all paths from an instruction come through, unless they
// return before, in order.
//
// far is the last instruction that some branch before pc leads to. If none leads beyond
// pc, every path that has not returned goes through it. A jump (JA) is followed to its
// end, and returns are not counted, since a filter shares them at its end.
func (p *Program) Cuts(from int) []int {
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
func (p *Program) target(pc int) int {
	for p.code[pc].jumps() {
		pc += 1 + int(p.code[pc].K)
	}
	return pc
}

// Loads are the words that the program may read from an instruction on, in the order in
// which it does first.
//
// A diagram that looks at the words in this order follows the program, so a segment is
// about as large as its code.
func (p *Program) Loads(from int) []uint8 {
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
