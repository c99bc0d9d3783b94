// SPDX-License-Identifier: Apache-2.0

package profile

import (
	"github.com/gosieve/sieve/internal/jsontext"
	"github.com/gosieve/sieve/internal/text"

	"strconv"
	"strings"
)

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
func parseTree(doc string) (*node, error) {
	root, err := jsontext.Parse(doc, defaultDepth)
	if err != nil {
		e := err.(*jsontext.Error)
		line, column := text.NewLines(doc).Position(e.At)
		return nil, refused(e, Place{Line: line, Column: column, Path: e.Path})
	}
	return treeOf(root), nil
}

func treeOf(from *jsontext.Node) *node {
	n := &node{from: from.From, to: from.To}
	for _, m := range from.Members {
		n.members = append(n.members, member{m.Key, m.From, m.To, treeOf(m.Value)})
	}
	for _, item := range from.Items {
		n.items = append(n.items, treeOf(item))
	}
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

// count is how many parts a list or an object has.
func (n *node) count() int { return max(len(n.items), len(n.members)) }

// part is where a part stands, a field with its key.
func (n *node) part(i int) (from, to int) {
	if n.members != nil {
		return n.members[i].from, n.members[i].value.to
	}
	return n.items[i].from, n.items[i].to
}

// position is a value in a document, and its place in what is around it: nil for the
// whole.
type position struct {
	value, from *node
	part        int
}

// find is the value of a path as diagnostics have it, "syscalls[3].args[0].op", also
// of a document that is inside an OCI config.json.
func (n *node) find(path string) (position, bool) {
	if at, ok := n.walk(path); ok {
		return at, true
	}
	if inner := n.member("linux").member("seccomp"); inner != nil {
		return inner.walk(path)
	}
	return position{}, false
}

func (n *node) walk(path string) (position, bool) {
	at := position{value: n}
	for path != "" {
		if rest, ok := strings.CutPrefix(path, "["); ok {
			number, rest, ok := strings.Cut(rest, "]")
			i, err := strconv.Atoi(number)
			if !ok || err != nil || i < 0 || i >= len(at.value.items) {
				return position{}, false
			}
			at = position{at.value.items[i], at.value, i}
			path = rest
			continue
		}
		path = strings.TrimPrefix(path, ".")
		key, rest := cutKey(path)
		i := at.value.index(key)
		if i < 0 {
			return position{}, false
		}
		at = position{at.value.members[i].value, at.value, i}
		path = rest
	}
	return at, true
}

// cutKey divides a path behind its first key.
func cutKey(path string) (key, rest string) {
	if quoted, err := strconv.QuotedPrefix(path); err == nil {
		key, _ = strconv.Unquote(quoted)
		return key, path[len(quoted):]
	}
	if i := strings.IndexAny(path, ".["); i >= 0 {
		return path[:i], path[i:]
	}
	return path, ""
}

// cutLast divides a path before its last key.
func cutLast(path string) (before, key string, found bool) {
	i := strings.LastIndexByte(path, '.')
	if i < 0 {
		return "", path, false
	}
	return path[:i], path[i+1:], true
}
