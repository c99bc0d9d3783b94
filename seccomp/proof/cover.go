// SPDX-License-Identifier: Apache-2.0

package proof

import (
	"slices"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/symbolic"
	"github.com/gosieve/sieve/seccomp"
)

// A call's answer is a function of its arguments. Rules for it are found by
// covering: take the widest set of arguments along one path to an answer, widen its
// conditions as long as no other answer comes in, make a rule of them, and go on with
// the arguments that no rule has yet.
//
// Rules for one answer must leave out all others, unless they are tried in order:
// then a rule may run over what an earlier one has decided.

// Most rules for one call: without an order, for one answer, and with one.
const (
	mostUnordered = 128
	mostOrdered   = 2048
)

// nothing is a value that no answer is.
const nothing = 1

// cover finds rules of one call in a graph of its own.
type cover struct {
	*symbolic.Graph
	all    *budget
	steps  int // that graphs after this one may do
	abi    arch.Arch
	answer symbolic.Node
}

// cover calls find with a cover that may do so many steps.
func (d *decompiler) cover(abi arch.Arch, n symbolic.Node, steps int, find func(c *cover) bool) bool {
	c := &cover{Graph: d.graph(d.Order, steps), all: d.budget, steps: steps, abi: abi}
	c.answer = c.Copy(d.Graph, n)
	ok := find(c) && !c.Full()
	d.charge(c.Graph)
	return ok
}

// renew leaves behind the vertices of diagrams that are no longer asked about.
func (c *cover) collectGarbage(nodes ...*symbolic.Node) {
	const many = 1 << 17
	if c.Size() < many || c.Full() {
		return
	}
	old := c.Graph
	c.all.charge(old)
	c.steps -= old.Steps()
	c.Graph = c.all.graph(old.Order, c.steps)
	for _, n := range append(nodes, &c.answer) {
		*n = c.Copy(old, *n)
	}
}

// actions are the answers that a function has, in order, without nothing.
func actions(g *symbolic.Graph, n symbolic.Node) []seccomp.Action {
	var list []seccomp.Action
	for _, v := range g.Values(n) {
		if v != nothing {
			list = append(list, seccomp.Action(v))
		}
	}
	slices.Sort(list)
	return list
}

// is is where a function has one of two values.
func (c *cover) whereValue(n symbolic.Node, v, w uint32) symbolic.Node {
	return c.Each(n, func(x uint32) uint32 {
		if x == v || x == w {
			return 1
		}
		return 0
	})
}

// where is where all conditions hold.
func (c *cover) matching(args ...seccomp.Arg) symbolic.Node {
	k := encoder{Graph: c.Graph}
	return k.matches(c.abi, &seccomp.Rule{Args: args})
}

// only finds rules for one answer that leave all others out, nil if they are too many.
func (c *cover) only(a seccomp.Action, most int) []outcome {
	left := c.whereValue(c.answer, uint32(a), uint32(a))
	others := c.Not(left)
	var list []outcome
	for left != symbolic.False {
		args := c.expand(c.Widest(left), others)
		left = c.And(left, c.Not(c.matching(args...)))
		list = append(list, outcome{args, a})
		if len(list) > most || c.Full() {
			return nil
		}
		c.collectGarbage(&left, &others)
	}
	return c.irredundant(list)
}

// needed leaves out the rules whose arguments the others have.
func (c *cover) irredundant(list []outcome) []outcome {
	if len(list) > 32 {
		return list
	}
	for i := 0; i < len(list); {
		rest := c.matching(list[i].args...)
		for k := range list {
			if k != i {
				rest = c.And(rest, c.Not(c.matching(list[k].args...)))
			}
		}
		if rest == symbolic.False && !c.Full() {
			list = slices.Delete(list, i, i+1)
		} else {
			i++
		}
	}
	return list
}

// ordered finds rules that are tried in order. An answer that few rules give in full
// comes first: then the others need not leave it out. The last answer has what is left.
// It is false if there are too many rules, and says how many there are.
func (c *cover) ordered() (list []outcome, ok bool) {
	rest := c.answer
	queue := actions(c.Graph, rest)
	for len(queue) > 1 {
		next := c.next(&queue, rest)
		for _, o := range next {
			rest = c.Ite(c.matching(o.args...), c.Leaf(nothing), rest)
		}
		if c.Full() || len(list)+len(next) > mostOrdered {
			return list, false
		}
		list = append(list, next...)
		queue = c.left(queue, rest)
		c.collectGarbage(&rest)
	}
	if len(queue) == 1 {
		list = append(list, outcome{action: queue[0]})
	}
	return list, true
}

// left are the answers of a queue that are left.
func (c *cover) left(queue []seccomp.Action, rest symbolic.Node) []seccomp.Action {
	have := actions(c.Graph, rest)
	return slices.DeleteFunc(queue, func(a seccomp.Action) bool {
		_, ok := slices.BinarySearch(have, a)
		return !ok
	})
}

// next are all rules of an answer that needs few of them; or else the rule with
// conditions on the fewest arguments. Answers that were tried go to the end of the queue.
func (c *cover) next(queue *[]seccomp.Action, rest symbolic.Node) []outcome {
	var best outcome
	least := 7
	for few := 1; few <= 4; few *= 2 {
		for range *queue {
			a := (*queue)[0]
			list, whole := c.few(a, rest, few)
			if whole || c.Full() {
				return list
			}
			if n := arguments(list[0].args); n < least {
				best, least = list[0], n
			}
			*queue = append((*queue)[1:], a)
		}
	}
	return []outcome{best}
}

// few are rules for an answer where no rule is yet, and whether they are all.
func (c *cover) few(a seccomp.Action, rest symbolic.Node, most int) (list []outcome, whole bool) {
	left, others := c.whereValue(rest, uint32(a), uint32(a)), c.Not(c.whereValue(rest, uint32(a), nothing))
	for left != symbolic.False && len(list) < most && !c.Full() {
		args := c.expand(c.Widest(left), others)
		left = c.And(left, c.Not(c.matching(args...)))
		list = append(list, outcome{args, a})
	}
	return list, left == symbolic.False
}

// arguments is how many arguments conditions are about.
func arguments(args []seccomp.Arg) int {
	set := map[int]bool{}
	for _, a := range args {
		set[a.Index] = true
	}
	return len(set)
}
