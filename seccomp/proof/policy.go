// SPDX-License-Identifier: Apache-2.0

package proof

import (
	"cmp"
	"fmt"
	"math/bits"
	"slices"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/symbolic"
	"github.com/gosieve/sieve/seccomp"
)

// The words of struct seccomp_data that the prover starts from.
const (
	nrWordIndex   = 0
	archWordIndex = 1
	wholeWord     = ^uint32(0)
)

// policyAnswers is Evaluate as a function of all calls: its three steps, the last
// first. Every number starts with the default, and then each rule, from the last
// to the first, paints over the numbers that it names what it decides there.
func policyAnswers(g *symbolic.Graph, p *seccomp.Policy) (symbolic.Answer, error) {
	n, err := switched(g, p, func(c *canvas, badArch symbolic.Node) (symbolic.Node, error) { return c.paint(badArch) })
	return g.Answer(n), err
}

// dispatched is the answer by the architecture and the number, where the rules for a number
// have no conditions, and the value of label where they do.
func dispatched(g *symbolic.Graph, p *seccomp.Policy, label func(abi arch.Arch, rules []int, otherwise seccomp.Action) uint32) (symbolic.Node, error) {
	return switched(g, p, func(c *canvas, badArch symbolic.Node) (symbolic.Node, error) {
		return c.label(badArch, label), c.Undecided()
	})
}

// switched is the function that goes by the architecture and then by what numbers makes of
// a token's.
func switched(g *symbolic.Graph, p *seccomp.Policy, paint func(c *canvas, badArch symbolic.Node) (symbolic.Node, error)) (symbolic.Node, error) {
	badArch := g.Leaf(uint32(meant(p.BadArch)))
	var tokens []uint32
	for _, a := range p.Arches {
		tokens = append(tokens, a.Audit())
	}
	slices.Sort(tokens)
	tokens = slices.Compact(tokens)
	cases := []symbolic.Case{{First: 0, To: badArch}}
	for i, token := range tokens { // no ABI has the token 0 or 1<<32-1
		c := canvas{Graph: g, policy: p, token: token}
		numbers, err := paint(&c, badArch)
		if err != nil {
			return badArch, err
		}
		cases = append(cases, symbolic.Case{First: token, To: numbers})
		if i+1 == len(tokens) || tokens[i+1] != token+1 {
			cases = append(cases, symbolic.Case{First: token + 1, To: badArch})
		}
	}
	return g.Switch(archWordIndex, cases), nil
}

// canvas is the calls of one AUDIT_ARCH token.
type canvas struct {
	*symbolic.Graph
	policy  *seccomp.Policy
	token   uint32
	strokes []stroke
	cells   []cell
	places  [1 << placeBits]uint16 // by the lowest bits of a number: where its cell may be
}

// placeBits are enough that the calls of an ABI seldom meet.
const placeBits = 10

// stroke is a range of an ABI's numbers that a rule names.
type stroke struct {
	abi      arch.Arch
	rule     int
	from, to uint32
}

// cell is the numbers from first up to the next cell, which the same rules name.
type cell struct {
	first uint32
	abi   arch.Arch
	node  symbolic.Node
}

// paint is what the policy answers, as a function of the number and the
// arguments.
func (c *canvas) paint(badArch symbolic.Node) (symbolic.Node, error) {
	c.outline(badArch)
	var last stroke
	matches, action := symbolic.False, symbolic.False
	for i, s := range slices.Backward(c.strokes) {
		if r := &c.policy.Rules[s.rule]; i == len(c.strokes)-1 || s.rule != last.rule || s.abi != last.abi {
			last, matches, action = s, c.matches(s.abi, r), c.Leaf(uint32(meant(r.Action)))
		}
		for at := c.find(s.from); at < len(c.cells) && c.cells[at].first <= s.to; at++ {
			if x := &c.cells[at]; x.abi == s.abi {
				x.node = c.Ite(matches, action, x.node)
			}
		}
		if c.Full() {
			return badArch, c.Stopped(fmt.Sprintf("%s for %v", c.policy.RuleName(s.rule), s.abi))
		}
	}
	return c.numbers(), nil
}

// outline makes the strokes and the cells.
func (c *canvas) outline(badArch symbolic.Node) {
	for _, abi := range c.policy.Arches {
		if abi.Audit() == c.token {
			c.sketch(abi)
		}
	}
	c.cut(badArch)
}

// numbers is the function that goes by the number.
func (c *canvas) numbers() symbolic.Node {
	cases := make([]symbolic.Case, len(c.cells))
	for i, x := range c.cells {
		cases[i] = symbolic.Case{First: x.first, To: x.node}
	}
	return c.Switch(nrWordIndex, cases)
}

// label is paint, but a number whose rules have conditions gets the label of those rules.
func (c *canvas) label(badArch symbolic.Node, label func(abi arch.Arch, rules []int, otherwise seccomp.Action) uint32) symbolic.Node {
	c.outline(badArch)
	lists := make([][]int, len(c.cells))
	for _, s := range c.strokes {
		for at := c.find(s.from); at < len(c.cells) && c.cells[at].first <= s.to; at++ {
			if l := lists[at]; c.cells[at].abi == s.abi && (len(l) == 0 || l[len(l)-1] != s.rule) {
				lists[at] = append(l, s.rule)
			}
		}
	}
	for i, rules := range lists {
		x := &c.cells[i]
		otherwise := c.policy.Default
		for k, r := range rules {
			if rule := &c.policy.Rules[r]; len(rule.Args) == 0 {
				rules, otherwise = rules[:k], rule.Action
				break
			}
		}
		switch {
		case len(rules) > 0:
			x.node = c.Leaf(label(x.abi, rules, otherwise))
		case len(lists[i]) > 0:
			x.node = c.Leaf(uint32(meant(otherwise)))
		}
	}
	return c.numbers()
}

// find is the cell that begins at a number.
func (c *canvas) find(first uint32) int {
	if at := int(c.places[first%(1<<placeBits)]); c.cells[at].first == first {
		return at
	}
	at, _ := slices.BinarySearchFunc(c.cells, first, func(x cell, first uint32) int { return cmp.Compare(x.first, first) })
	return at
}

// sketch adds the strokes of an ABI. Those of a rule must stand together, in the
// order of the rules: where two ABIs share a token, one after the other will do.
func (c *canvas) sketch(abi arch.Arch) {
	for i := range c.policy.Rules {
		r := &c.policy.Rules[i]
		if len(r.Arches) > 0 && !slices.Contains(r.Arches, abi) {
			continue
		}
		for _, name := range r.Syscalls {
			if nr, ok := abi.Number(name); ok {
				c.strokes = append(c.strokes, stroke{abi, i, nr, nr})
			}
		}
		for _, n := range r.Numbers {
			c.strokes = append(c.strokes, stroke{abi, i, n.From, n.To})
		}
	}
}

// cut makes the cells: they begin where an ABI's numbers or a stroke do, or end.
func (c *canvas) cut(badArch symbolic.Node) {
	standard := c.Leaf(uint32(meant(c.policy.Default)))
	firsts := c.firsts()
	c.cells = make([]cell, len(firsts))
	for i, first := range firsts {
		abi, ok := arch.Of(c.token, first)
		x := cell{first: first, abi: abi, node: badArch}
		if ok && slices.Contains(c.policy.Arches, abi) {
			x.node = standard
		}
		c.cells[i] = x
		c.places[first%(1<<placeBits)] = uint16(i)
	}
}

// firsts are the numbers at which cells begin, in order.
func (c *canvas) firsts() []uint32 {
	// Two ABIs share a token on x86 only; a cut too many does no harm elsewhere.
	firsts := append(make([]uint32, 0, 2*len(c.strokes)+4), 0)
	for i := 0; i < len(c.strokes); {
		abi := c.strokes[i].abi
		w := window{base: abi.Base()}
		for ; i < len(c.strokes) && c.strokes[i].abi == abi; i++ {
			s := &c.strokes[i]
			firsts = w.add(firsts, s.from)
			if s.to != wholeWord {
				firsts = w.add(firsts, s.to+1)
			}
		}
		firsts = w.append(firsts)
	}
	firsts = append(firsts, arch.X32.Base(), wholeWord)
	slices.Sort(firsts)
	return slices.Compact(firsts)
}

// window is a set of numbers near an ABI's base, where nearly all are: so they
// are sorted already.
type window struct {
	base uint32
	bits [32]uint64
}

// add puts a number into the window, or appends it to the list if it is far.
func (w *window) add(list []uint32, nr uint32) []uint32 {
	at := nr - w.base
	if at >= 64*uint32(len(w.bits)) {
		return append(list, nr)
	}
	w.bits[at/64] |= 1 << (at % 64)
	return list
}

// append appends the window's numbers to the list.
func (w *window) append(list []uint32) []uint32 {
	for i, word := range w.bits {
		for ; word != 0; word &= word - 1 {
			list = append(list, w.base+uint32(64*i+bits.TrailingZeros64(word)))
		}
	}
	return list
}

// matches is where all conditions of a rule hold.
func (c *canvas) matches(abi arch.Arch, r *seccomp.Rule) symbolic.Node {
	all := symbolic.True
	for i := range r.Args {
		all = c.And(all, c.holds(abi, &r.Args[i]))
	}
	return all
}

// holds is where a condition does: Arg.holds, on two halves of 32 bits.
func (c *canvas) holds(abi arch.Arch, a *seccomp.Arg) symbolic.Node {
	x := argument(abi, a)
	value := halvesOf(a.Value)
	switch a.Op {
	case seccomp.EQ:
		return c.equal(x, value)
	case seccomp.NE:
		return c.Not(c.equal(x, value))
	case seccomp.LT:
		return c.Not(c.atLeast(x, value))
	case seccomp.LE:
		return c.Or(c.Not(c.atLeast(x, value)), c.equal(x, value))
	case seccomp.GT:
		return c.And(c.atLeast(x, value), c.Not(c.equal(x, value)))
	case seccomp.GE:
		return c.atLeast(x, value)
	}
	mask := halvesOf(a.Mask)
	masked := halves{c.Mask(x.high, mask.high), c.Mask(x.low, mask.low)}
	return c.equal(masked, halvesOf(a.Value&a.Mask))
}

// halves is a number of 64 bits.
type halves struct{ high, low symbolic.Value }

func halvesOf(x uint64) halves {
	return halves{symbolic.Constant(uint32(x >> 32)), symbolic.Constant(uint32(x))}
}

// argument is what a condition sees of an argument.
func argument(abi arch.Arch, a *seccomp.Arg) halves {
	first := uint8(4 + 2*a.Index)
	high, low := first+1, first
	if abi.BigEndian() {
		high, low = low, high
	}
	x := halves{symbolic.Input(high, wholeWord), symbolic.Input(low, wholeWord)}
	if a.Narrow || abi.Bits() == 32 {
		x.high = symbolic.Constant(0)
	}
	return x
}

func (c *canvas) equal(x, y halves) symbolic.Node {
	return c.And(c.Equal(x.high, y.high), c.Equal(x.low, y.low))
}

// atLeast is where x >= y: the high halves decide unless they are equal.
func (c *canvas) atLeast(x, y halves) symbolic.Node {
	return c.Ite(c.Equal(x.high, y.high), c.AtLeast(x.low, y.low), c.AtLeast(x.high, y.high))
}
