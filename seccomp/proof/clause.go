// SPDX-License-Identifier: Apache-2.0

package proof

import (
	"fmt"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/symbolic"
	"github.com/gosieve/sieve/seccomp"
)

// clauses are the rules of a call. If they are ordered the first that holds decides;
// else those that hold together have the same action.
type clauses struct {
	list    []outcome
	ordered bool
	keys    []string // of each rule, or of all together
}

// newClauses names the rules, so that equal ones are found.
func newClauses(list []outcome, ordered bool) *clauses {
	l := &clauses{list: list, ordered: ordered}
	if ordered {
		l.keys = []string{fmt.Sprint(list)}
		return l
	}
	for _, o := range list {
		l.keys = append(l.keys, fmt.Sprint(o))
	}
	return l
}

// Up to how many rules of a call no better ones are looked for: without an order, and
// with one, which documents cannot say.
const (
	fewClauses  = 16
	manyClauses = 64
)

// subject is a function of arguments that needs rules. ABIs that see arguments alike
// have the same.
type callKey struct {
	node symbolic.Node
	bits int
	big  bool
}

// call is what is found for a subject.
type callRules struct {
	*decompiler
	abi       arch.Arch
	node      symbolic.Node
	by        map[seccomp.Action]*clauses  // for a default
	unordered map[seccomp.Action][]outcome // for an answer, nil if none are found
	inOrder   []outcome                    // for all answers
	searched  bool
	tooMany   bool // inOrder are not all
}

// clauses finds the rules that a call needs beside a default.
func (d *decompiler) clauses(abi arch.Arch, n symbolic.Node, def seccomp.Action) (*clauses, error) {
	if v, ok := d.LeafValue(n); ok {
		return newClauses([]outcome{{action: seccomp.Action(v)}}, false), nil
	}
	s := callKey{n, abi.Bits(), abi.BigEndian()}
	c := d.calls[s]
	if c == nil {
		c = &callRules{decompiler: d, abi: abi, node: n, by: map[seccomp.Action]*clauses{}, unordered: map[seccomp.Action][]outcome{}}
		d.calls[s] = c
	}
	if l, ok := c.by[def]; ok {
		return l, nil
	}
	l, err := c.find(def)
	if err == nil {
		c.by[def] = l
	}
	return l, err
}

// find tries the ways to find rules, those that read best first, until the rules are
// few. Less order, and fewer conditions, are worth a few rules more.
func (c *callRules) find(def seccomp.Action) (*clauses, error) {
	list, some := c.regions(c.abi, c.node, def)
	if err := c.Undecided(); err != nil {
		return nil, err
	}
	ordered := false
	if !some || len(list) > fewClauses {
		most := mostOrdered
		if some {
			most = len(list) / 2
		}
		if l, ok := c.disjoint(def, most); ok {
			list, some = l, true
		}
	}
	if !some || len(list) > manyClauses {
		c.search(some)
		if l := c.withoutDefault(def); !c.tooMany && (!some || 2*len(l) < len(list)) {
			list, ordered, some = l, true, true
		}
	}
	switch {
	case c.ended != nil:
		return nil, c.ended
	case !some:
		return nil, fmt.Errorf("%w: no rules were found for all arguments: the first %d leave some out, at the limit of %d rules or %d steps (Within sets it)",
			ErrUndecided, len(c.inOrder), mostOrdered, c.limits.Steps)
	}
	return newClauses(list, ordered), nil
}

// share is how many steps a search may do: fewer if there are rules already.
func (c *callRules) searchSteps(some bool) int {
	if some {
		return c.left() / 8
	}
	return c.left() / 2
}

// disjoint are rules for all answers but the default, each for itself, if they are so
// many at most.
func (c *callRules) disjoint(def seccomp.Action, most int) ([]outcome, bool) {
	var all []outcome
	for _, a := range actions(c.Graph, c.node) {
		if a == def {
			continue
		}
		list, ok := c.unordered[a]
		if !ok {
			c.cover(c.abi, c.node, c.left()/16, func(c *cover) bool {
				list = c.only(a, min(most, mostUnordered))
				return true
			})
			c.unordered[a] = list
		}
		if all = append(all, list...); list == nil || len(all) > most {
			return nil, false
		}
	}
	return all, true
}

// search finds the rules in an order, once.
func (c *callRules) search(some bool) {
	if c.searched {
		return
	}
	c.searched = true
	c.tooMany = !c.cover(c.abi, c.node, c.searchSteps(some), func(k *cover) (ok bool) {
		c.inOrder, ok = k.ordered()
		return ok
	})
}

// beside are the rules in an order that are needed beside a default.
func (c *callRules) withoutDefault(def seccomp.Action) []outcome {
	list := c.inOrder
	for len(list) > 0 && list[len(list)-1].action == def {
		list = list[:len(list)-1]
	}
	return list
}
