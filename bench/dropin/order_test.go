// SPDX-License-Identifier: Apache-2.0

package dropin

import "slices"

// place is where a rule stands among the others of its call: below the nodes that it would
// be the first to reach, without what it shares with others (tree). The order of the places
// is the order in which rules are tried: each is then a whole rule of its own.
type place struct {
	*node
	rules []*entry
	below [2]places
}

type places []*place

// ordered are rules in the order in which they are tried.
func ordered(list []*entry, bits int) []*entry {
	var root places
	for _, e := range list {
		root.put(grow(e.conditions, e, bits).nodes[0], e)
	}
	return slices.Collect(root.rules)
}

// put finds a rule's place along the low halves of its conditions.
func (l *places) put(n *node, e *entry) {
	at := 0
	for ; at < len(*l); at++ {
		if (*l)[at].test == n.test || n.before((*l)[at].node) < 0 {
			break
		}
	}
	if at == len(*l) || (*l)[at].test != n.test {
		*l = slices.Insert(*l, at, &place{node: n})
	}
	p, i := (*l)[at], n.onward()
	if n.sides[i].leaf != nil {
		p.rules = append(p.rules, e)
		return
	}
	p.below[i].put(n.sides[i].next.nodes[0], e)
}

// onward is the side on which a rule's own nodes go on to the low half, and from there to
// the next condition.
func (n *node) onward() int {
	for i, s := range n.sides {
		if s.next != nil && s.next.nodes[0].index == n.index {
			return i
		}
	}
	if n.sides[1].leaf != nil || n.sides[1].next != nil {
		return 1
	}
	return 0
}

// rules are those of all places in order: a shorter rule before those that go on from it.
func (l places) rules(yield func(*entry) bool) {
	for _, p := range l {
		for _, e := range p.rules {
			if !yield(e) {
				return
			}
		}
		for _, i := range []int{1, 0} {
			for e := range p.below[i].rules {
				if !yield(e) {
					return
				}
			}
		}
	}
}

// fits says whether a rule can be added to others, and to which: one that begins with the
// conditions of a shorter one is left out, as that decides, and a shorter one replaces those
// that begin with it. Two actions for the same conditions, or for a shorter rule that comes
// later, are refused.
func fits(list []*entry, e *entry) (_ []*entry, refused bool) {
	for _, old := range list {
		n := min(len(old.conditions), len(e.conditions))
		if !slices.Equal(old.conditions[:n], e.conditions[:n]) {
			continue
		}
		if len(e.conditions) > n {
			return list, false
		}
		if old.action != e.action {
			return list, true
		}
	}
	list = slices.DeleteFunc(slices.Clone(list), func(old *entry) bool {
		n := len(e.conditions)
		return len(old.conditions) >= n && slices.Equal(old.conditions[:n], e.conditions)
	})
	return append(list, e), false
}
