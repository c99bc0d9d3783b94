// SPDX-License-Identifier: Apache-2.0

package symbolic

// A program whose paths meet again with other values in its registers could have
// as many states as paths. So here states that meet become one: a register holds
// the one value where the one path leads to the instruction, and else the other.
// That costs a diagram of each instruction's condition, and is never exponential
// in the length of the program but through the size of the diagrams.

// place is the one state of an instruction, and for which inputs it is reached.
//
// The zero place is an instruction that nothing has reached. Node 0 is neither True nor
// False, so it can say that.
type place struct {
	state
	where Node // 0 if not at all
}

// merged is Explore for a program whose states are too many. Forward only: returned
// values are collected with the inputs for which they are returned.
//
// It is slower than forward and backward on usual programs, because every condition
// becomes a diagram that is joined with those before. Explore comes here only when
// forward gives up.
func (e *explorer) merged() (Answer, error) {
	places := make([]place, len(e.code))
	places[0] = place{where: True}
	var returns []result
	done := func(where Node, v Value) { returns = append(returns, result{where, v}) }
	for pc, i := range e.code {
		at := places[pc]
		if at.where == 0 || at.where == False {
			continue
		}
		pass := func(pc int, where Node, s state) {
			if where != False {
				places[pc] = e.mergeAt(places[pc], place{e.settle(pc, s), where})
			}
		}
		switch {
		case i.returnsA():
			done(at.where, at.a)
		case i.returns():
			done(at.where, Constant(i.K))
		case i.jumps():
			pass(pc+1+int(i.K), at.where, at.state)
		case i.branch():
			c := e.condition(i, at.state)
			pass(pc+1+int(i.Jt), e.And(at.where, c), at.state)
			pass(pc+1+int(i.Jf), e.And(at.where, e.Not(c)), at.state)
		default:
			if i.divides() {
				zero := e.Equal(at.x, Constant(0))
				if dies := e.And(at.where, zero); dies != False {
					done(dies, Constant(0))
				}
				at.where = e.And(at.where, e.Not(zero))
			}
			pass(pc+1, at.where, e.operate(pc, i, at.state))
		}
		if err := e.check(pc); err != nil {
			return Answer{}, err
		}
	}
	answer := e.together(returns)
	return answer, e.check(len(e.code) - 1)
}

// result is a returned value and where it is returned.
type result struct {
	where Node
	value Value
}

// together is the answer of a program that returns those.
//
// Every input is returned for exactly once, so the order in which returns are joined does
// not change the function.
func (e *explorer) together(returns []result) Answer {
	few := true
	for _, r := range returns {
		few = few && e.varying(r.value) <= fewBits
	}
	if few {
		n := e.Leaf(0)
		for _, r := range returns {
			n = e.Ite(r.where, e.Leaves(r.value), n)
		}
		return Answer{node: n}
	}
	all := Constant(0)
	for _, r := range returns {
		all = e.Choose(r.where, r.value, all)
	}
	b := e.Bits(all)
	return Answer{bits: &b}
}

// mergeAt is the place to which two places lead: a register holds q's value for the inputs
// that come from q, and p's for all others. Inputs that come from neither do not matter.
//
// A cell that only one of the places has set is 0 in the other: seccomp's checker refuses
// a program that may read a cell that no store has filled (check_load_and_stores,
// net/core/filter.c), so no answer depends on that 0.
func (e *explorer) mergeAt(p, q place) place {
	if p.where == 0 {
		return q
	}
	s := state{a: e.Choose(q.where, q.a, p.a), x: e.Choose(q.where, q.x, p.x), m: p.m}
	if p.m != q.m {
		var m, n [16]Value
		if p.m != nil {
			m = *p.m
		}
		if q.m != nil {
			n = *q.m
		}
		for i := range m {
			m[i] = e.Choose(q.where, n[i], m[i])
		}
		s.m = e.cells(m)
	}
	return place{s, e.Or(p.where, q.where)}
}
