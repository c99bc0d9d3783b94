// SPDX-License-Identifier: Apache-2.0

package decompile

import (
	"slices"

	"github.com/gosieve/sieve/internal/symbolic"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/proof/internal/diagram"
)

// expand makes conditions of a cube: they hold on all of it, and for no input of others.
// It first drops every argument whose conditions are not needed, and then makes the
// conditions on each remaining argument as wide as it can, in the order of arguments.
// Like Espresso's EXPAND it is greedy, and the result depends on the order.
func (c *cover) expand(cube symbolic.Cube, others symbolic.Node) []seccomp.Arg {
	var lists [6][]seccomp.Arg
	var used []int
	for i := range lists {
		if b := c.pattern(&cube, i); b.mask != 0 {
			lists[i] = b.args(i, c.most())
			used = append(used, i)
		}
	}
	beside := func(i int) symbolic.Node {
		n := others
		for k := range lists {
			if k != i {
				n = c.And(n, c.matching(lists[k]...))
			}
		}
		return n
	}
	for _, i := range used {
		if beside(i) == symbolic.False {
			lists[i] = nil
		}
	}
	for _, i := range used {
		if lists[i] != nil {
			w := expansion{cover: c, index: i, others: beside(i), start: c.pattern(&cube, i)}
			lists[i] = w.best()
		}
	}
	var all []seccomp.Arg
	for _, l := range lists {
		all = append(all, l...)
	}
	return all
}

// most is the largest value of an argument on the ABI.
func (c *cover) most() uint64 {
	if c.abi.Bits() == 32 {
		return uint64(diagram.MaxWord)
	}
	return ^uint64(0)
}

// expansion looks for the widest conditions on one argument that leave others out. others
// includes the conditions on the other arguments already.
type expansion struct {
	*cover
	index  int
	others symbolic.Node
	start  pattern // which leaves them out
	found  candidate
}

// candidate is a list of conditions, and the fraction of the argument's values that meet
// them.
type candidate struct {
	args     []seccomp.Arg
	fraction float64
}

// offer keeps the better of two candidates. One that is at least twice as wide is
// better. Of two that are about as wide, the one with fewer conditions is.
func (w *expansion) offer(args ...seccomp.Arg) {
	old := &w.found
	fraction := w.Fraction(w.matching(args...))
	if old.args == nil || fraction >= 2*old.fraction || 2*fraction > old.fraction && len(args) < len(old.args) ||
		fraction > old.fraction && len(args) == len(old.args) {
		*old = candidate{args, fraction}
	}
}

// best tries all shapes that the conditions of a rule can have: a value left out, an
// interval beside some of the pattern's bits, the same on the lower half alone,
// and the pattern with as few bits as will do.
func (w *expansion) best() []seccomp.Arg {
	w.except()
	trimmed := w.trim(w.start)
	for _, b := range trimmed.subpatterns() {
		w.between(b)
		if w.most() > uint64(diagram.MaxWord) {
			w.low(b)
		}
	}
	w.offer(trimmed.args(w.index, w.most())...)
	return w.found.args
}

// except offers "not equal", if a single value must be left out.
func (w *expansion) except() {
	if v := w.extreme(w.others, false); v == w.extreme(w.others, true) {
		w.offer(seccomp.Arg{Index: w.index, Op: seccomp.NE, Value: v})
	}
}

// extreme is the largest or the smallest value of the argument in a set of inputs, which
// must not be empty. Of two halves the high one decides first.
func (w *expansion) extreme(n symbolic.Node, largest bool) uint64 {
	high, low := diagram.Words(w.abi, w.index)
	if w.abi.Bits() == 32 {
		return uint64(w.Extreme(n, low, largest))
	}
	upper := w.Extreme(n, high, largest)
	n = w.And(n, w.Equal(symbolic.Input(high, diagram.MaxWord), symbolic.Constant(upper)))
	return uint64(upper)<<32 | uint64(w.Extreme(n, low, largest))
}

// trim drops bits of a pattern that need not be compared, the upper ones first. Like
// bisection it drops halves of the bits, then quarters: mostly all or none of them matter.
func (w *expansion) trim(b pattern) pattern {
	var drop func(mask uint64)
	drop = func(mask uint64) {
		if mask &= b.mask; mask == 0 || w.Full() {
			return
		}
		next := b.only(^mask)
		if w.And(w.others, w.matching(next.args(w.index, w.most())...)) == symbolic.False {
			b = next
			return
		}
		if mask&(mask-1) == 0 {
			return
		}
		upper, lower := halved(mask)
		drop(upper)
		drop(lower)
	}
	upper, lower := halved(b.mask)
	drop(upper)
	drop(lower)
	return b
}

// between offers an interval of the argument beside a pattern.
func (w *expansion) between(b pattern) {
	beside := b.args(w.index, w.most())
	from, to := w.interval(w.And(w.others, w.matching(beside...)))
	w.offer(append(spanning(w.index, from, to, w.most(), false), beside...)...)
}

// interval is the longest interval around the start's value that leaves others out.
func (w *expansion) interval(others symbolic.Node) (from, to uint64) {
	x := w.start.value
	from, to = 0, w.most()
	if below := w.And(others, w.matching(seccomp.Arg{Index: w.index, Op: seccomp.LT, Value: x})); below != symbolic.False && !w.Full() {
		from = w.extreme(below, true) + 1
	}
	if above := w.And(others, w.matching(seccomp.Arg{Index: w.index, Op: seccomp.GT, Value: x})); above != symbolic.False && !w.Full() {
		to = w.extreme(above, false) - 1
	}
	return from, to
}

// low offers conditions on the argument's lower half beside a pattern, and with them
// an interval of the whole argument in place of the pattern's upper half.
func (w *expansion) low(b pattern) {
	beside := b.args(w.index, w.most())
	narrow, ok := w.narrow(w.And(w.others, w.matching(beside...)))
	if !ok {
		return
	}
	w.offer(append(slices.Clip(narrow), beside...)...)
	narrow = append(narrow, b.only(uint64(diagram.MaxWord)).args(w.index, w.most())...)
	from, to := w.interval(w.And(w.others, w.matching(narrow...)))
	w.offer(append(spanning(w.index, from, to, w.most(), false), narrow...)...)
}

// narrow are the widest conditions on the lower half alone. ok is false if the lower
// half cannot decide.
func (w *expansion) narrow(others symbolic.Node) (list []seccomp.Arg, ok bool) {
	x := uint64(uint32(w.start.value))
	is := func(op seccomp.Op) symbolic.Node {
		return w.And(others, w.matching(seccomp.Arg{Index: w.index, Op: op, Value: x, Narrow: true}))
	}
	if is(seccomp.EQ) != symbolic.False || others == symbolic.False || w.Full() {
		return nil, false
	}
	_, low := diagram.Words(w.abi, w.index)
	if v := w.Extreme(others, low, false); v == w.Extreme(others, low, true) {
		return []seccomp.Arg{{Index: w.index, Op: seccomp.NE, Value: uint64(v), Narrow: true}}, true
	}
	from, to := uint64(0), uint64(diagram.MaxWord)
	if below := is(seccomp.LT); below != symbolic.False {
		from = uint64(w.Extreme(below, low, true)) + 1
	}
	if above := is(seccomp.GT); above != symbolic.False {
		to = uint64(w.Extreme(above, low, false)) - 1
	}
	return spanning(w.index, from, to, uint64(diagram.MaxWord), true), true
}

// spanning are conditions that hold for the values from one to another, of 0 to most. A
// Narrow one on a single value becomes MaskedEQ, since formats of profiles have masks and
// no Narrow.
func spanning(index int, from, to, most uint64, narrow bool) []seccomp.Arg {
	if from == to {
		if narrow {
			return []seccomp.Arg{{Index: index, Op: seccomp.MaskedEQ, Value: from, Mask: most}}
		}
		return []seccomp.Arg{{Index: index, Op: seccomp.EQ, Value: from}}
	}
	var list []seccomp.Arg
	if from > 0 {
		list = append(list, seccomp.Arg{Index: index, Op: seccomp.GE, Value: from, Narrow: narrow})
	}
	if to < most {
		list = append(list, seccomp.Arg{Index: index, Op: seccomp.LE, Value: to, Narrow: narrow})
	}
	return list
}
