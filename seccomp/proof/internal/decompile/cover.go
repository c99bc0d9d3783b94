// SPDX-License-Identifier: Apache-2.0

package decompile

import (
	"slices"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/symbolic"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/proof/internal/diagram"
	"github.com/gosieve/sieve/seccomp/proof/internal/rules"
)

// The most rules that a cover may have for one call: mostUnordered for one action without
// an order, mostOrdered for all actions in an order. More is never readable, and each
// rule costs a pass over the diagram.
const (
	mostUnordered = 128
	mostOrdered   = 2048
)

// nothing marks arguments that an earlier rule has decided. It differs from every answer:
// answers are effective values, and no effective action has the action field 0 (it is
// KILL_THREAD) with data.
const nothing = 1

// cover finds rules for the answers of one call by two-level logic minimization, as
// Espresso does: take a cube of inputs (a path of the diagram), expand it as long as no
// other answer comes in, make a rule of it, and go on with the inputs that no rule covers.
// Rules that the others make redundant are removed at the end (irredundant).
//
// The greedy choice need not give the fewest rules; finding those is NP-hard.
//
// A cover works in a graph of its own, so that its garbage can be dropped.
type cover struct {
	*symbolic.Graph
	all    *budget
	steps  int // that graphs after this one may do
	abi    arch.Arch
	answer symbolic.Node
}

// cover calls find with a new cover that may do at most steps. It is false if find is, or
// if the steps did not suffice.
func (d *decompiler) cover(abi arch.Arch, n symbolic.Node, steps int, find func(c *cover) bool) bool {
	c := &cover{Graph: d.graph(d.Order, steps), all: d.budget, steps: steps, abi: abi}
	c.answer = c.Copy(d.Graph, n)
	ok := find(c) && !c.Full()
	d.charge(c.Graph)
	return ok
}

// collectGarbage copies the nodes that are still needed into a new graph, if the old one
// is large. A graph frees nothing, and a long search would meet the memory limit with
// vertices that nothing refers to.
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

// actions are the answers that a function has, in ascending order, without nothing.
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

// whereValue is the set of inputs for which a function is v or w.
func (c *cover) whereValue(n symbolic.Node, v, w uint32) symbolic.Node {
	return c.Map(n, func(x uint32) uint32 {
		if x == v || x == w {
			return 1
		}
		return 0
	})
}

// matching is the set of inputs for which all conditions hold.
func (c *cover) matching(args ...seccomp.Arg) symbolic.Node {
	return diagram.Matches(c.Graph, c.abi, args)
}

// only finds a cover of one action that leaves all others out. It is nil if the cover
// has more than most rules.
func (c *cover) only(a seccomp.Action, most int) []rules.Outcome {
	left := c.whereValue(c.answer, uint32(a), uint32(a))
	others := c.Not(left)
	var list []rules.Outcome
	for left != symbolic.False {
		args := c.expand(c.LargestCube(left), others)
		left = c.And(left, c.Not(c.matching(args...)))
		list = append(list, rules.Outcome{Args: args, Action: a})
		if len(list) > most || c.Full() {
			return nil
		}
		c.collectGarbage(&left, &others)
	}
	return c.irredundant(list)
}

// irredundant removes rules whose inputs the other rules cover. The check is quadratic
// in the number of rules, so lists of more than 32 stay as they are.
func (c *cover) irredundant(list []rules.Outcome) []rules.Outcome {
	if len(list) > 32 {
		return list
	}
	for i := 0; i < len(list); {
		rest := c.matching(list[i].Args...)
		for k := range list {
			if k != i {
				rest = c.And(rest, c.Not(c.matching(list[k].Args...)))
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

// ordered finds rules that are tried in order. An action that few rules cover in full
// comes first: later rules may then overlap those and need fewer conditions. The last
// action gets one rule without conditions. ok is false if there are too many rules; the
// list then has those found so far, for the error.
func (c *cover) ordered() (list []rules.Outcome, ok bool) {
	rest := c.answer
	queue := actions(c.Graph, rest)
	for len(queue) > 1 {
		next := c.next(&queue, rest)
		for _, o := range next {
			rest = c.Ite(c.matching(o.Args...), c.Leaf(nothing), rest)
		}
		if c.Full() || len(list)+len(next) > mostOrdered {
			return list, false
		}
		list = append(list, next...)
		queue = c.left(queue, rest)
		c.collectGarbage(&rest)
	}
	if len(queue) == 1 {
		list = append(list, rules.Outcome{Action: queue[0]})
	}
	return list, true
}

// left are the actions of a queue that some input not yet decided still gets.
func (c *cover) left(queue []seccomp.Action, rest symbolic.Node) []seccomp.Action {
	have := actions(c.Graph, rest)
	return slices.DeleteFunc(queue, func(a seccomp.Action) bool {
		_, ok := slices.BinarySearch(have, a)
		return !ok
	})
}

// next are the rules to add: a full cover of an action that needs at most 1, 2 or 4
// rules, or else the one rule with conditions on the fewest arguments. Actions that were
// tried go to the end of the queue, so that all get their turn.
func (c *cover) next(queue *[]seccomp.Action, rest symbolic.Node) []rules.Outcome {
	var best rules.Outcome
	least := 7
	for few := 1; few <= 4; few *= 2 {
		for range *queue {
			a := (*queue)[0]
			list, whole := c.few(a, rest, few)
			if whole || c.Full() {
				return list
			}
			if n := arguments(list[0].Args); n < least {
				best, least = list[0], n
			}
			*queue = append((*queue)[1:], a)
		}
	}
	return []rules.Outcome{best}
}

// few is the start of a cover for an action, of at most most rules, among the inputs not
// yet decided. whole says that it is complete. Rules may overlap inputs that are decided.
func (c *cover) few(a seccomp.Action, rest symbolic.Node, most int) (list []rules.Outcome, whole bool) {
	left, others := c.whereValue(rest, uint32(a), uint32(a)), c.Not(c.whereValue(rest, uint32(a), nothing))
	for left != symbolic.False && len(list) < most && !c.Full() {
		args := c.expand(c.LargestCube(left), others)
		left = c.And(left, c.Not(c.matching(args...)))
		list = append(list, rules.Outcome{Args: args, Action: a})
	}
	return list, left == symbolic.False
}

// arguments is how many different arguments conditions are about.
func arguments(args []seccomp.Arg) int {
	set := map[int]bool{}
	for _, a := range args {
		set[a.Index] = true
	}
	return len(set)
}
