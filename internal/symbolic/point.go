// SPDX-License-Identifier: Apache-2.0

package symbolic

// Jumps lead forward only. So a pass from the first instruction to the last has seen all
// ways to an instruction when it comes to it, and finds each state of each instruction
// once. A branch on constants goes one way. No diagram of a condition is made here: a
// state does not depend on how it was reached, and so the pass is cheap.

// point is an instruction in a state.
//
// Its size is pointBytes of the memory limit, whatever the registers hold: states with
// cells share them (cells).
type point struct {
	state
	next    int32 // another point of the same instruction, or -1
	yes, no int32 // where it goes on, equal unless it branches
	node    Node  // what the program answers from here
	zero    Node  // where it divides by 0
	stopped bool
}

// points are all that can be reached. The states of one instruction are a linked list:
// nearly always it has one element.
type points struct {
	list  []point
	first []int32 // by instruction, -1 for none
}

// forward finds the points. Nearly always each instruction has one: then the
// work is linear. Where they become many ok is false: then states must be merged.
//
// The limit is on the average number of states of an instruction. The 64 lets a short
// program have more.
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
	case i.returns():
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

// reach is the index of the point of that instruction and state, which is made if there
// is none.
//
// It looks through the list, and each step of that counts as work, so many states of one
// instruction end in the limit of steps and not in a quadratic wait.
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
