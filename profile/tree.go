// SPDX-License-Identifier: Apache-2.0

package profile

import "strings"

// node is a value of a JSON document and where it stands: text[from:to].
type node struct {
	from, to int
	members  []member // of an object
	items    []*node  // of a list
}

// member is a field of an object. Its key is text[from:to], quotes included.
type member struct {
	key      string
	from, to int
	value    *node
}

// parseTree reads a document for the places of its parts, within the default limits.
func parseTree(text string) (*node, error) {
	r := reader{text: text, maxDepth: defaultDepth}
	if r.begin(); r.err != nil {
		return nil, r.err
	}
	n := r.tree()
	if r.end(); r.err != nil {
		return nil, r.err
	}
	return n, nil
}

// tree reads any value.
func (r *reader) tree() *node {
	c := r.peek()
	n := &node{from: r.at}
	switch c {
	case '{':
		o := r.object(nil)
		for r.key(&o) {
			m := member{key: r.path[len(r.path)-1].key, from: o.keyAt}
			m.to = o.keyAt + strings.LastIndexByte(r.text[o.keyAt:r.at], '"') + 1
			m.value = r.tree()
			n.members = append(n.members, m)
		}
	case '[':
		r.list()
		for r.err == nil && r.item() {
			n.items = append(n.items, r.tree())
		}
	default:
		r.skip()
	}
	n.to = r.at
	return n
}

// member is the value of a field, in any case as Parse reads it; nil if there is
// none.
func (n *node) member(key string) *node {
	if i := n.index(key); i >= 0 {
		return n.members[i].value
	}
	return nil
}

// index is the field of that key, -1 if there is none.
func (n *node) index(key string) int {
	if n == nil {
		return -1
	}
	for i := range n.members {
		if n.members[i].key == key {
			return i
		}
	}
	for i := range n.members {
		if strings.EqualFold(n.members[i].key, key) {
			return i
		}
	}
	return -1
}
