// SPDX-License-Identifier: Apache-2.0

package symbolic

import (
	"errors"
	"fmt"
)

// ErrUndecided is a question whose diagrams outgrow the limits, or whose answer
// the kernel leaves open.
var ErrUndecided = errors.New("undecided")

// explorer runs one program on all inputs at once, in a graph that may hold others.
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

// state is what the registers hold. Registers that no longer matter hold 0, so that states
// which differ in nothing that matters are equal. Values are comparable: vectors of 32
// functions are unique in their graph.
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

// settle is a state without what no longer matters at an instruction.
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

// cells is the one copy of a scratch memory with that content, so that states can compare
// it by its address.
func (e *explorer) cells(m [16]Value) *[16]Value {
	e.work(16)
	return unique(e.Graph, &e.scratch, m, cellsBytes)
}
