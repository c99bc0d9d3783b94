// SPDX-License-Identifier: Apache-2.0

package symbolic

// Answer is what a program returns, as a function of its input: one function
// with the returned values, or, if it computes them and they are many, one
// function for each bit.
//
// A filter that returns constants has the first form: its leaves are actions. A program
// that adds an argument to a constant and returns the sum has the second.
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

// What a program answers is found from its end. At a return it is the returned value; at
// any other point it is what the program answers at the points that follow, joined by the
// condition of the branch. Points stand in the order of their instructions and jumps lead
// forward, so the points that follow are done when they are needed.
//
// A value that a program computes is returned in one of two forms. If few of its bits
// vary, one diagram has all values as leaves: that is what policies have, too. If many do,
// such a diagram could have 2^32 leaves. Then there are 32 diagrams, one for each bit, and
// the program is gone through 32 times.

// fewBits is how many bits of a computed return value may vary for its values to
// be told apart in one function.
// A function then has at most 256 leaves more for each such return.
const fewBits = 8

// backward is the answer of the program, from what is known of its points.
//
// The 32 passes share the graph, so what two bits have in common is made once. Each pass
// overwrites the node of every point.
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

// computes says whether some returned value has too many varying bits for one function.
func (e *explorer) computes(p *points) bool {
	for pc, i := range e.code {
		if !i.returnsA() {
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

// answers is the answer as one function: of is applied to each returned value.
//
// A division by an X that is 0 ends the program with the answer 0 (bpf_convert_filter,
// net/core/filter.c), which for seccomp is SECCOMP_RET_KILL_THREAD.
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
			case i.returnsA():
				t.node = of(t.a)
			case i.returns():
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

// Returned is the value that is returned for an input, unless something open
// decides it.
func (g *Graph) Returned(a Answer, d *Data) (v uint32, open bool) {
	if a.bits == nil {
		return g.Evaluate(a.node, d)
	}
	for i, n := range a.bits {
		b, o := g.Evaluate(n, d)
		v |= b << i
		open = open || o
	}
	return v, open
}
