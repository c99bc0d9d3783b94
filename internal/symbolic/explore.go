// SPDX-License-Identifier: Apache-2.0

package symbolic

import (
	"errors"
	"fmt"
)

// ErrUndecided is a question whose diagrams outgrow the limits, or whose answer
// the kernel leaves open.
var ErrUndecided = errors.New("undecided")

// Answer is what a program returns, as a function of its input: one function
// with the returned values, or, if it computes them and they are many, one
// function for each bit.
type Answer struct {
	node Node
	bits *[32]Node
}

// Answer is the answer whose values are those of n.
func (g *Graph) Answer(n Node) Answer { return Answer{node: n} }

// Computed is the answer whose value is v.
func (g *Graph) Computed(v Value) Answer {
	b := g.Bits(v)
	return Answer{bits: &b}
}

// Function is the answer as one function, if it is one.
func (a Answer) Function() (n Node, ok bool) { return a.node, a.bits == nil }

// Word is the answer as a value.
func (g *Graph) Word(a Answer) Value { return g.value(g.slices(a)) }

// explorer runs a program on all inputs at once.
type explorer struct {
	*Graph
	code    []Instruction
	live    []registers
	scratch map[[16]Value]*[16]Value
	levels  []int // by instruction, of results that are open

	start int                // the instruction that it begins at
	stop  func(pc int) bool  // where it ends before it returns, nil for nowhere
	leaf  func(Start) uint32 // what it answers there
}

// state is what the registers hold. Those that no longer matter hold 0.
type state struct {
	a, x Value
	m    *[16]Value // unique; nil if all cells hold 0
}

// Explore finds the answer of a program that the kernel accepts. The error wraps
// ErrUndecided and names the instruction at which a limit was reached.
func (g *Graph) Explore(code []Instruction) (Answer, error) {
	e := explorer{Graph: g, code: code, live: liveness(code)}
	if err := e.leaveOpen(); err != nil {
		return Answer{}, err
	}
	points, ok, err := e.forward(state{})
	if err != nil {
		return Answer{}, err
	}
	if !ok {
		return e.merged()
	}
	return e.backward(points)
}

// leaveOpen gives each shift by a register 32 bits that no input knows.
func (e *explorer) leaveOpen() error {
	for pc, i := range e.code {
		if !i.shifts() {
			continue
		}
		if e.levels == nil {
			e.levels = make([]int, len(e.code))
		}
		if e.levels[pc] = e.unknown(); e.full {
			return e.check(pc)
		}
	}
	return nil
}

// check says at which instruction the graph became full.
func (e *explorer) check(pc int) error {
	if !e.full {
		return nil
	}
	return e.Stopped(fmt.Sprintf("instruction %d (%v)", pc, e.code[pc]))
}

// point is an instruction in a state.
type point struct {
	state
	next    int32 // another point of the same instruction, or -1
	yes, no int32 // where it goes on, equal unless it branches
	node    Node  // what the program answers from here
	zero    Node  // where it divides by 0
	stopped bool
}

// points are all that can be reached.
type points struct {
	list  []point
	first []int32 // by instruction, -1 for none
}

// forward finds the points. Nearly always each instruction has one: then the
// work is linear. Where they become many ok is false: then states must be merged.
func (e *explorer) forward(begin state) (p *points, ok bool, err error) {
	limit := e.limits.States * (len(e.code) + 64)
	p = &points{list: make([]point, 0, len(e.code)+len(e.code)/4), first: make([]int32, len(e.code))}
	for i := range p.first {
		p.first[i] = -1
	}
	e.reach(p, e.start, e.settle(e.start, begin))
	for pc := e.start; pc < len(e.code); pc++ {
		i := e.code[pc]
		for at := p.first[pc]; at >= 0; at = p.list[at].next {
			if len(p.list) > limit {
				return nil, false, nil
			}
			e.work(1)
			if e.stop != nil && e.stop(pc) {
				p.list[at].stopped = true
				continue
			}
			yes, no := e.follow(p, pc, i, &p.list[at])
			p.list[at].yes, p.list[at].no = yes, no
			if err := e.check(pc); err != nil {
				return nil, false, err
			}
		}
	}
	return p, true, nil
}

// follow finds where a point goes on.
func (e *explorer) follow(p *points, pc int, i Instruction, at *point) (yes, no int32) {
	s := at.state
	switch {
	case i.class() == classRet:
		return -1, -1
	case i.jumps():
		pc += 1 + int(i.K)
		yes = e.reach(p, pc, e.settle(pc, s))
		return yes, yes
	case i.branch():
		t, f := pc+1+int(i.Jt), pc+1+int(i.Jf)
		if s.a.kind == constant && e.operand(i, s).kind == constant {
			if e.condition(i, s) == False {
				t = f
			}
			f = t
		}
		yes = e.reach(p, t, e.settle(t, s))
		return yes, e.reach(p, f, e.settle(f, s))
	}
	if i.divides() {
		at.zero = e.Equal(s.x, Constant(0))
		if at.zero == True {
			return -1, -1
		}
	}
	yes = e.reach(p, pc+1, e.settle(pc+1, e.operate(pc, i, s)))
	return yes, yes
}

// reach finds or makes the point.
func (e *explorer) reach(p *points, pc int, s state) int32 {
	at := p.first[pc]
	for ; at >= 0; at = p.list[at].next {
		if p.list[at].state == s {
			return at
		}
		e.work(1)
	}
	e.hold(pointBytes)
	at = int32(len(p.list))
	p.list = append(p.list, point{state: s, next: p.first[pc]})
	p.first[pc] = at
	return at
}

// settle forgets what no longer matters at an instruction.
func (e *explorer) settle(pc int, s state) state {
	live := e.live[pc]
	if live&regA == 0 {
		s.a = Value{}
	}
	if live&regX == 0 {
		s.x = Value{}
	}
	if s.m == nil {
		return s
	}
	if live&cells == 0 {
		s.m = nil
		return s
	}
	m := *s.m
	for i := range m {
		if live>>(i+2)&1 == 0 {
			m[i] = Value{}
		}
	}
	s.m = e.cells(m)
	return s
}

// cells are the scratch cells with that content.
func (e *explorer) cells(m [16]Value) *[16]Value {
	if e.scratch == nil {
		e.scratch = map[[16]Value]*[16]Value{}
	}
	e.work(16)
	p, ok := e.scratch[m]
	if !ok {
		e.hold(cellsBytes)
		p = &m
		e.scratch[m] = p
	}
	return p
}

// operand is X or the instruction's constant.
func (e *explorer) operand(i Instruction, s state) Value {
	if i.usesX() {
		return s.x
	}
	return Constant(i.K)
}

// condition is where a branch is taken.
func (e *explorer) condition(i Instruction, s state) Node {
	b := e.operand(i, s)
	switch i.Op & opMask {
	case jmpJeq:
		return e.Equal(s.a, b)
	case jmpJgt:
		if b.kind == constant {
			if b.k == ^uint32(0) {
				return False
			}
			return e.AtLeast(s.a, Constant(b.k+1))
		}
		return e.Not(e.AtLeast(b, s.a))
	case jmpJge:
		return e.AtLeast(s.a, b)
	}
	return e.meet(s.a, b)
}

// operate is the state after an instruction that neither jumps nor returns.
func (e *explorer) operate(pc int, i Instruction, s state) state {
	switch i.class() {
	case classLd:
		s.a = e.load(i, s)
	case classLdx:
		s.x = e.load(i, s)
	case classSt:
		s.m = e.store(s, i.K, s.a)
	case classStx:
		s.m = e.store(s, i.K, s.x)
	case classAlu:
		if e.live[pc+1]&regA != 0 {
			s.a = e.alu(pc, i, s)
		}
	case classMisc:
		if i.Op&miscTxa != 0 {
			s.a = s.x
		} else {
			s.x = s.a
		}
	}
	return s
}

func (e *explorer) load(i Instruction, s state) Value {
	switch i.Op & modeMask {
	case modeImm:
		return Constant(i.K)
	case modeAbs:
		if e.at != nil {
			return Constant(e.at[i.K/4])
		}
		return Input(uint8(i.K/4), ^uint32(0))
	case modeLen:
		return Constant(4 * Words)
	}
	if s.m == nil {
		return Constant(0)
	}
	return s.m[i.K]
}

func (e *explorer) store(s state, cell uint32, v Value) *[16]Value {
	var m [16]Value
	if s.m != nil {
		m = *s.m
	}
	m[cell] = v
	return e.cells(m)
}

func (e *explorer) alu(pc int, i Instruction, s state) Value {
	a, b := s.a, e.operand(i, s)
	if e.open && i.hard() && (a.kind != constant || b.kind != constant) {
		return e.result(i.Op&opMask, a, b)
	}
	switch i.Op & opMask {
	case aluAdd:
		return e.add(a, b)
	case aluSub:
		return e.sub(a, b)
	case aluMul:
		return e.mul(a, b)
	case aluDiv:
		return e.div(a, b)
	case aluOr:
		return e.or(a, b)
	case aluAnd:
		return e.Mask(a, b)
	case aluXor:
		return e.Flip(a, b)
	case aluNeg:
		return e.neg(a)
	}
	beyond, left := Constant(0), i.Op&opMask == aluLsh
	if i.shifts() {
		beyond = e.openAt(e.levels[pc])
	}
	if e.open && b.kind != constant {
		return e.Choose(e.AtLeast(b, Constant(32)), beyond, e.result(i.Op&opMask, a, b))
	}
	return e.shift(a, b, left, beyond)
}

// fewBits is how many bits of a computed return value may vary for its values to
// be told apart in one function.
const fewBits = 8

// backward finds what the program answers at each point, from the last to the
// first.
func (e *explorer) backward(p *points) (Answer, error) {
	if !e.computes(p) {
		n, err := e.answers(p, func(v Value) Node { return e.Leaves(v) })
		return Answer{node: n}, err
	}
	var b [32]Node
	for i := range b {
		n, err := e.answers(p, func(v Value) Node { return e.Bits(v)[i] })
		if err != nil {
			return Answer{}, err
		}
		b[i] = n
	}
	return Answer{bits: &b}, nil
}

// computes says whether returned values are too many for one function.
func (e *explorer) computes(p *points) bool {
	for pc, i := range e.code {
		if i.class() != classRet || i.Op&retA == 0 {
			continue
		}
		for at := p.first[pc]; at >= 0; at = p.list[at].next {
			if e.varying(p.list[at].a) > fewBits {
				return true
			}
		}
	}
	return false
}

// answers is backward for one function of the returned value.
func (e *explorer) answers(p *points, of func(Value) Node) (Node, error) {
	zero := of(Constant(0))
	for pc := len(e.code) - 1; pc >= e.start; pc-- {
		i := e.code[pc]
		for at := p.first[pc]; at >= 0; at = p.list[at].next {
			t := &p.list[at]
			e.work(1)
			switch {
			case t.stopped:
				t.node = e.Leaf(e.leaf(Start{pc, t.state}))
			case i.class() == classRet && i.Op&retA != 0:
				t.node = of(t.a)
			case i.class() == classRet:
				t.node = of(Constant(i.K))
			case t.yes < 0: // divides by 0
				t.node = zero
			case t.yes != t.no:
				t.node = e.branch(i, t.state, p.list[t.yes].node, p.list[t.no].node)
			case t.zero != 0:
				t.node = e.Ite(t.zero, zero, p.list[t.yes].node)
			default:
				t.node = p.list[t.yes].node
			}
			if err := e.check(pc); err != nil {
				return False, err
			}
		}
	}
	return p.list[p.first[e.start]].node, nil
}
