// SPDX-License-Identifier: Apache-2.0

package jsontext

import (
	"strconv"
	"strings"
)

// Position is a value in a tree, and its index in the list or object around it, which is
// nil for the whole text.
type Position struct {
	Value, Around *Node
	Index         int
}

// Find is the value at a path as Reader.Path writes it, "syscalls[3].args[0].op". Keys
// are found as Member finds them. An empty path is the node itself; a key that is empty
// cannot be said. It is false if there is no such value.
func (n *Node) Find(path string) (Position, bool) {
	at := Position{Value: n}
	for path != "" {
		var i int
		var ok bool
		if path[0] == '[' {
			i, path, ok = cutIndex(path)
			if !ok || i >= len(at.Value.Items) {
				return Position{}, false
			}
			at = Position{at.Value.Items[i], at.Value, i}
			continue
		}
		key, rest := cutKey(strings.TrimPrefix(path, "."))
		if i = at.Value.Index(key); i < 0 {
			return Position{}, false
		}
		at = Position{at.Value.Members[i].Value, at.Value, i}
		path = rest
	}
	return at, true
}

// cutIndex divides a path behind the index that it begins with.
func cutIndex(path string) (i int, rest string, ok bool) {
	digits, rest, found := strings.Cut(path[1:], "]")
	i, err := strconv.Atoi(digits)
	return i, rest, found && err == nil && i >= 0
}
