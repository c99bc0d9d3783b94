// SPDX-License-Identifier: Apache-2.0

package dropin

import (
	"slices"

	"github.com/gosieve/sieve/seccomp"
)

// condition is one of a rule on one ABI: what a Condition means there.
type condition struct {
	index       int
	op          uint
	value, mask uint64
}

// holds says whether an argument meets it.
func (c *condition) holds(v uint64) bool {
	switch c.op {
	case NE:
		return v != c.value
	case LT:
		return v < c.value
	case LE:
		return v <= c.value
	case EQ:
		return v == c.value
	case GE:
		return v >= c.value
	case GT:
		return v > c.value
	}
	return v&c.mask == c.value&c.mask
}

// entry is a rule on one ABI.
type entry struct {
	conditions []condition
	action     seccomp.Action
	rule       int // of the policy
}

func (e *entry) matches(args *[6]uint64) bool {
	for i := range e.conditions {
		if c := &e.conditions[i]; !c.holds(args[c.index]) {
			return false
		}
	}
	return true
}

// class is how early an operator is tested, among conditions on one argument.
func class(op uint) int {
	switch op {
	case EQ, NE, MaskedEQ:
		return 0
	case LT, LE:
		return 1
	}
	return 2
}

// call is the rules of one call on one ABI.
type call struct {
	all *entry // without conditions: it alone decides
	tree
	list []*entry // those with conditions, as they came
}

// add adds a rule: as libseccomp's tree takes it, or as one of a list.
func (c *call) add(e *entry, bits int, asTree bool) (refused bool) {
	switch {
	case c.all != nil:
		return false
	case len(e.conditions) == 0:
		c.all, c.tree, c.list = e, tree{}, nil
		return false
	}
	c.list, refused = fits(c.list, e)
	if asTree {
		return c.tree.merge(grow(e.conditions, e, bits))
	}
	return refused
}

// entries are the call's rules in the order in which they are tried.
func (c *call) entries(bits int) []*entry {
	if c.all != nil {
		return []*entry{c.all}
	}
	return ordered(c.list, bits)
}

// clone is a copy that can be added to.
func (c *call) clone() *call {
	return &call{all: c.all, tree: *c.tree.clone(map[*tree]*tree{}), list: slices.Clone(c.list)}
}
