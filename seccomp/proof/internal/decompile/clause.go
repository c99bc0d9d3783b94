// SPDX-License-Identifier: Apache-2.0

package decompile

import (
	"fmt"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/symbolic"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/proof/internal/rules"
)

// clauses are the rules for one call. If ordered is set, the first that matches decides.
// Otherwise rules that match together have the same action, so their order is free.
type clauses struct {
	list    []rules.Outcome
	ordered bool
	keys    []string // of each rule, or of all together
}

// newClauses gives every rule a key, so that rules of different calls that are equal can
// be written as one (group.go). An ordered list is kept together and has one key.
func newClauses(list []rules.Outcome, ordered bool) *clauses {
	l := &clauses{list: list, ordered: ordered}
	if ordered {
		l.keys = []string{rules.Key(list...)}
		return l
	}
	for _, o := range list {
		l.keys = append(l.keys, rules.Key(o))
	}
	return l
}

// How many rules a strategy may return before the next strategy is tried. Up to
// fewClauses rules read well. Up to manyClauses an unordered list is still preferred,
// because formats like Docker's have no order of rules.
const (
	fewClauses  = 16
	manyClauses = 64
)

// callKey identifies a function of arguments for which rules were searched. ABIs with the
// same width and byte order read arguments alike, so they share the result.
type callKey struct {
	node symbolic.Node
	bits int
	big  bool
}

// callRules are the results of the strategies for one function. A strategy runs once;
// its result serves for each default that is tried (default.go).
type callRules struct {
	*decompiler
	abi       arch.Arch
	node      symbolic.Node
	by        map[seccomp.Action]*clauses        // for a default
	unordered map[seccomp.Action][]rules.Outcome // for an answer, nil if none are found
	inOrder   []rules.Outcome                    // for all answers
	searched  bool
	tooMany   bool // inOrder are not all
}

// clauses finds the rules for a call, n, if the policy has the default def: no rule is
// needed for arguments that get the default. A constant answer needs one rule.
func (d *decompiler) clauses(abi arch.Arch, n symbolic.Node, def seccomp.Action) (*clauses, error) {
	if v, ok := d.LeafValue(n); ok {
		return newClauses([]rules.Outcome{{Action: seccomp.Action(v)}}, false), nil
	}
	s := callKey{n, abi.Bits(), abi.BigEndian()}
	c := d.calls[s]
	if c == nil {
		c = &callRules{decompiler: d, abi: abi, node: n, by: map[seccomp.Action]*clauses{}, unordered: map[seccomp.Action][]rules.Outcome{}}
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

// find tries the strategies, from the one whose rules read best to the most general:
//
//  1. regions: one rule for each box of argument values. Exact and disjoint, but many if
//     conditions use masks.
//  2. disjoint: a cover for each action that leaves all other actions out.
//  3. search: a cover whose rules are tried in order, so that a rule may overlap
//     those before it. This can be exponentially shorter.
//
// A later strategy is used if its rules are fewer than half as many, since rules without
// an order and with fewer conditions are easier to read.
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
			symbolic.ErrUndecided, len(c.inOrder), mostOrdered, c.limits.Steps)
	}
	return newClauses(list, ordered), nil
}

// searchSteps is how many steps a search may do: an eighth of those left if another
// strategy has found rules already, half of them otherwise. Later calls need the rest.
func (c *callRules) searchSteps(some bool) int {
	if some {
		return c.left() / 8
	}
	return c.left() / 2
}

// disjoint are covers for all actions but the default, each of which leaves all other
// actions out. ok is false if they are more than most rules together. A cover that was
// found is kept for the next default.
func (c *callRules) disjoint(def seccomp.Action, most int) ([]rules.Outcome, bool) {
	var all []rules.Outcome
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

// search finds the ordered rules, once: they are the same for every default.
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

// withoutDefault are the ordered rules without those at the end that say what the
// default says anyway.
func (c *callRules) withoutDefault(def seccomp.Action) []rules.Outcome {
	list := c.inOrder
	for len(list) > 0 && list[len(list)-1].Action == def {
		list = list[:len(list)-1]
	}
	return list
}
