// SPDX-License-Identifier: Apache-2.0

package dropin

import (
	"cmp"
	"slices"
)

// tree is how libseccomp keeps the rules of one call, which shows where rules meet: each node
// is a comparison of 32 bits, and rules whose comparisons are the same share it. NE, LT and
// LE are the other sides of EQ, GE and GT, and on an ABI of 64 bits a condition is a node for
// either half of the argument: two for EQ, three where it is ordered. What follows a
// condition follows several of its nodes, and is one tree: what another rule adds to it
// behind one of them is there behind the others.
type tree struct {
	nodes []*node
	grown *tree // the tree that this one has become part of
}

// now is the tree that holds the nodes.
func (t *tree) now() *tree {
	for t != nil && t.grown != nil {
		t = t.grown
	}
	return t
}

// test is a comparison of one half of an argument.
type test struct {
	index       int
	high        bool
	op          uint // EQ, MaskedEQ, GE or GT
	datum, mask uint32
}

func (t *test) holds(args *[6]uint64) bool {
	v := uint32(args[t.index])
	if t.high {
		v = uint32(args[t.index] >> 32)
	}
	switch t.op {
	case GE:
		return v >= t.datum
	case GT:
		return v > t.datum
	}
	return v&t.mask == t.datum
}

type node struct {
	test
	class int    // of the operator that made the node
	full  uint64 // the constant that it is half of
	sides [2]side
}

// side is what follows where a node's comparison fails, 0, or holds, 1: an action, other
// nodes, or nothing, which is the next node of the level.
type side struct {
	leaf *entry
	next *tree
}

// before orders nodes of a level; 0 is neither, which leaves the first where it is.
func (n *node) before(o *node) int {
	word := func(n *node) int {
		if n.high {
			return 2*n.index + 1
		}
		return 2 * n.index
	}
	if d := word(o) - word(n); d != 0 {
		return d
	}
	if d := n.class - o.class; d != 0 {
		return d
	}
	if n.class == 1 {
		return cmp.Compare(n.datum, o.datum)
	}
	return cmp.Compare(o.datum, n.datum)
}

// merge adds a rule's own nodes to a level. It says whether the rule is refused.
func (t *tree) merge(other *tree) (refused bool) {
	t, other = t.now(), other.now()
	if t == other {
		return false
	}
	n, at := other.nodes[0], 0
	for ; at < len(t.nodes); at++ {
		old := t.nodes[at]
		if old.test == n.test {
			return old.join(n)
		}
		if n.before(old) < 0 {
			break
		}
	}
	t.nodes = slices.Insert(t.nodes, at, n)
	other.grown = t
	return false
}

// join adds what follows a node to one with the same comparison.
func (n *node) join(other *node) (refused bool) {
	for _, i := range []int{1, 0} {
		if other.sides[i].leaf != nil && n.end(i, other) {
			return true
		}
	}
	for _, i := range []int{1, 0} {
		if other.sides[i].next == nil {
			continue
		}
		if n.sides[i].leaf != nil {
			return false // a shorter rule decides; the rest is left out
		}
		if n.follow(i, other) {
			return true
		}
	}
	return false
}

// follow adds what follows on a side.
func (n *node) follow(i int, other *node) (refused bool) {
	if n.sides[i].next == nil {
		n.sides[i].next = other.sides[i].next
		return false
	}
	return n.sides[i].next.merge(other.sides[i].next)
}

// end puts an action on a side.
func (n *node) end(i int, other *node) (refused bool) {
	leaf := other.sides[i].leaf
	old := n.sides[i].leaf
	if old == nil {
		for e := range n.sides[i].next.entries {
			if e.action != leaf.action {
				return true
			}
		}
		n.sides[i] = side{leaf: leaf}
		return false
	}
	if old.action == leaf.action {
		return false
	}
	if n.high && i == 1 && other.full > n.full {
		n.sides[i].leaf = leaf
	}
	last := func(n *node) bool { return n.sides[0].next == nil && n.sides[1].next == nil }
	return last(n) || last(other)
}

func (t *tree) entries(yield func(*entry) bool) {
	if t = t.now(); t == nil {
		return
	}
	for _, n := range t.nodes {
		for _, s := range n.sides {
			if s.leaf != nil && !yield(s.leaf) {
				return
			}
			for e := range s.next.entries {
				if !yield(e) {
					return
				}
			}
		}
	}
}

// decide is the entry that a call comes upon.
func (t *tree) decide(args *[6]uint64) *entry {
	if t = t.now(); t == nil {
		return nil
	}
	for _, n := range t.nodes {
		i := 0
		if n.holds(args) {
			i = 1
		}
		if s := n.sides[i]; s.leaf != nil {
			return s.leaf
		} else if e := s.next.decide(args); e != nil {
			return e
		}
	}
	return nil
}

// grow makes the nodes of a rule. The node for the low half, where the condition is decided,
// is the last of each.
func grow(conditions []condition, e *entry, bits int) *tree {
	c := &conditions[0]
	rest := side{leaf: e}
	if len(conditions) > 1 {
		rest = side{next: grow(conditions[1:], e, bits)}
	}
	op, holds := c.op, 1 // the side on which the condition holds
	switch c.op {
	case NE:
		op, holds = EQ, 0
	case LT:
		op, holds = GE, 0
	case LE:
		op, holds = GT, 0
	}
	half := func(high bool, op uint) *node {
		n := &node{test: test{c.index, high, op, uint32(c.value), uint32(c.mask)}, class: class(c.op), full: c.value}
		if high {
			n.datum, n.mask = uint32(c.value>>32), uint32(c.mask>>32)
		}
		n.datum &= n.mask
		return n
	}
	low := half(false, op)
	low.sides[holds] = rest
	if bits == 32 {
		return level(low)
	}
	if class(c.op) == 0 {
		high := half(true, op)
		high.sides[1].next = level(low)
		if holds == 0 {
			high.sides[0] = rest
		}
		return level(high)
	}
	above, equal := half(true, GT), half(true, EQ)
	above.sides[0].next = level(equal)
	equal.sides[1].next = level(low)
	if holds == 1 {
		above.sides[1] = rest
	} else {
		equal.sides[0] = rest
	}
	return level(above)
}

func level(n *node) *tree { return &tree{nodes: []*node{n}} }

// clone is a copy that can be added to; what is one tree is one in it.
func (t *tree) clone(seen map[*tree]*tree) *tree {
	if t = t.now(); t == nil || seen[t] != nil {
		return seen[t]
	}
	c := new(tree)
	seen[t] = c
	for _, n := range t.nodes {
		n := *n
		for i := range n.sides {
			n.sides[i].next = n.sides[i].next.clone(seen)
		}
		c.nodes = append(c.nodes, &n)
	}
	return c
}
