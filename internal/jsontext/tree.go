// SPDX-License-Identifier: Apache-2.0

package jsontext

import "strings"

// Node is a value and where it stands: text[From:To].
type Node struct {
	Kind     Kind
	From, To int
	Text     string   // of a string: its characters; of a number or a boolean: as written
	Members  []Member // of an object, in the text's order
	Items    []*Node  // of a list
}

// Member is a field of an object. Its key, with the quotes, is text[From:To].
type Member struct {
	Key      string
	From, To int
	Value    *Node
}

// Parse reads a whole text, in which lists and objects nest at most depth deep, into a
// tree. An error is an *Error.
//
// A tree takes about 100 bytes for each value, fifty times the text of a list of digits:
// the caller bounds the size. A Reader needs no such memory.
//
// Of a key that is there twice both fields are kept: whoever edits a text needs them.
func Parse(text string, depth int) (*Node, error) {
	var r Reader
	r.Init(text, depth)
	n := r.tree()
	r.End()
	if e := r.Err(); e != nil {
		return nil, e
	}
	return n, nil
}

// tree reads any value. The depth of lists and objects bounds its recursion.
func (r *Reader) tree() *Node {
	c := r.Peek()
	n := &Node{Kind: KindOf(c), From: r.at}
	switch n.Kind {
	case Object:
		o := r.Object("an object")
		for r.Key(&o) {
			n.Members = append(n.Members, Member{o.Key, o.KeyAt, o.KeyTo, r.tree()})
		}
	case List:
		r.List("a list")
		for r.Item() {
			n.Items = append(n.Items, r.tree())
		}
	case String:
		n.Text = r.scan()
	default:
		r.Skip()
		n.Text = r.text[n.From:r.at]
	}
	n.To = r.at
	return n
}

// Member is the value of a field, nil if there is none. A key in another case counts if
// no key is the same, as for encoding/json and so for Docker.
func (n *Node) Member(key string) *Node {
	if i := n.Index(key); i >= 0 {
		return n.Members[i].Value
	}
	return nil
}

// Index is the index of the field that Member gives, -1 if there is none. A nil Node has
// no fields.
func (n *Node) Index(key string) int {
	if n == nil {
		return -1
	}
	for i := range n.Members {
		if n.Members[i].Key == key {
			return i
		}
	}
	for i := range n.Members {
		if strings.EqualFold(n.Members[i].Key, key) {
			return i
		}
	}
	return -1
}

// Len is how many items a list or fields an object has.
func (n *Node) Len() int { return max(len(n.Items), len(n.Members)) }

// Part is where an item or a field with its key stands.
func (n *Node) Part(i int) (from, to int) {
	if n.Members != nil {
		return n.Members[i].From, n.Members[i].Value.To
	}
	return n.Items[i].From, n.Items[i].To
}
