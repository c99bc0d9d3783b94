// SPDX-License-Identifier: Apache-2.0

package diagram

import (
	"github.com/gosieve/sieve/internal/symbolic"
	"github.com/gosieve/sieve/seccomp"
)

// Effective is what the kernel does with a returned value (__seccomp_filter,
// kernel/seccomp.c):
//
//   - ERRNO: its data is the errno, and values above MaxErrno count as MaxErrno.
//   - TRAP and TRACE: the data reaches user space, so that all of it counts.
//   - ALLOW, LOG, USER_NOTIF and KILL_THREAD: the data is ignored, so it is cleared.
//   - Any other action kills the process.
//
// Two values are equal for the prover if they are equal here.
func Effective(a seccomp.Action) seccomp.Action {
	switch a.Kind() {
	case seccomp.Errno(0):
		return seccomp.Errno(min(a.Data(), seccomp.MaxErrno))
	case seccomp.Trap(0), seccomp.Trace(0):
		return a
	case seccomp.Allow, seccomp.Log, seccomp.Notify, seccomp.KillThread:
		return a.Kind()
	}
	return seccomp.KillProcess
}

// The fields of a returned value (SECCOMP_RET_ACTION_FULL and SECCOMP_RET_DATA,
// include/uapi/linux/seccomp.h).
const (
	kindMask = 0xffff0000
	dataMask = 0x0000ffff
)

// rank orders returned values as Action.Rank does. The kernel compares the action field
// as a signed number; with the top bit flipped an unsigned comparison gives that order.
func rank(g *symbolic.Graph, v symbolic.Value) symbolic.Value {
	return g.Flip(g.Mask(v, symbolic.Constant(kindMask)), symbolic.Constant(1<<31))
}

// effectiveAnswer is effective, applied to an answer for all inputs at once. An answer
// that is one function is mapped leaf by leaf. An answer that the program computes has
// no list of leaves; it is rewritten with operations on its bits.
func effectiveAnswer(g *symbolic.Graph, a symbolic.Answer) symbolic.Answer {
	if n, ok := a.Function(); ok {
		return g.Answer(g.Map(n, func(v uint32) uint32 { return uint32(Effective(seccomp.Action(v))) }))
	}
	v := g.Word(a)
	kind := g.Mask(v, symbolic.Constant(kindMask))
	is := func(a seccomp.Action) symbolic.Node { return g.Equal(kind, symbolic.Constant(uint32(a))) }
	result := symbolic.Constant(uint32(seccomp.KillProcess))
	for _, a := range []seccomp.Action{seccomp.Allow, seccomp.Log, seccomp.Notify, seccomp.KillThread} {
		result = g.Choose(is(a), kind, result)
	}
	result = g.Choose(g.Or(is(seccomp.Trap(0)), is(seccomp.Trace(0))), v, result)
	large := g.AtLeast(g.Mask(v, symbolic.Constant(dataMask)), symbolic.Constant(seccomp.MaxErrno))
	capped := g.Choose(large, symbolic.Constant(uint32(seccomp.Errno(seccomp.MaxErrno))), v)
	return g.Computed(g.Choose(is(seccomp.Errno(0)), capped, result))
}

// restrict is the more restrictive one of two answers for each input. If both rank
// alike it is first, so the caller passes the program installed last as first
// (seccomp_run_filters, kernel/seccomp.c).
func restrict(g *symbolic.Graph, first, second symbolic.Answer) symbolic.Answer {
	a, one := first.Function()
	b, two := second.Function()
	if one && two {
		return g.Answer(g.Apply(a, b, func(a, b uint32) uint32 {
			if seccomp.Action(b).Rank() < seccomp.Action(a).Rank() {
				return b
			}
			return a
		}))
	}
	x, y := g.Word(first), g.Word(second)
	return g.Computed(g.Choose(g.AtLeast(rank(g, y), rank(g, x)), x, y))
}

// Loosest is the less restrictive one of two effective answers for each input, and first if
// both rank alike.
func Loosest(g *symbolic.Graph, first, second symbolic.Answer) symbolic.Answer {
	a, one := first.Function()
	b, two := second.Function()
	if one && two {
		return g.Answer(g.Apply(a, b, func(a, b uint32) uint32 {
			if seccomp.Action(b).Rank() > seccomp.Action(a).Rank() {
				return b
			}
			return a
		}))
	}
	x, y := g.Word(first), g.Word(second)
	return g.Computed(g.Choose(g.AtLeast(rank(g, x), rank(g, y)), x, y))
}

// ByRank are the inputs for which the second of two effective answers is less restrictive, more
// restrictive, and neither. Of functions the leaves say that.
func ByRank(g *symbolic.Graph, first, second symbolic.Answer) []symbolic.Node {
	// There are few actions, so that it is cheaper to ask for each than to compare two words.
	x, y := byKind(g, first), byKind(g, second)
	opened, closed := symbolic.False, symbolic.False
	for i := range x {
		for j := range y {
			switch both := g.And(x[i], y[j]); {
			case i < j:
				opened = g.Or(opened, both)
			case i > j:
				closed = g.Or(closed, both)
			}
		}
	}
	return []symbolic.Node{opened, closed, g.Not(g.Or(opened, closed))}
}

// byKind are the inputs for which an effective answer is of each kind, from the most restrictive
// to the least.
func byKind(g *symbolic.Graph, a symbolic.Answer) []symbolic.Node {
	kind := g.Mask(g.Word(a), symbolic.Constant(kindMask))
	var list []symbolic.Node
	for _, k := range []seccomp.Action{seccomp.KillProcess, seccomp.KillThread, seccomp.Trap(0), seccomp.Errno(0), seccomp.Notify, seccomp.Trace(0), seccomp.Log, seccomp.Allow} {
		list = append(list, g.Equal(kind, symbolic.Constant(uint32(k))))
	}
	return list
}
