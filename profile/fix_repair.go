// SPDX-License-Identifier: Apache-2.0

package profile

import (
	"encoding/json"
	"slices"
	"strings"
)

// take mends a diagnostic by the repairs that its fix lists. They change what the
// document means, each in the way that it says.
func (c mending) take(text string, root *node, list []repair) (mending, bool) {
	c.unsafe = true
	var empty []position // rules without a name left
	for _, s := range list {
		at, ok := root.find(s.path)
		if s.verb == "take" {
			rule, found := root.find(strings.TrimSuffix(s.path, ".names"))
			if !found {
				return c, false
			}
			if !ok || c.names(text, at, s.names) { // without names it has name, the one
				empty = append(empty, rule)
			}
			continue
		}
		beside, hasDefault := root.find("defaultAction")
		switch {
		case !ok && s.verb == "add" && s.path == "syscalls" && hasDefault: // there is no list yet
			c.edits = append(c.edits, edit{beside.value.to, beside.value.to, `, "syscalls": [` + s.value + "]"})
		case !ok:
			return c, false
		case s.verb == "write":
			c.edits = append(c.edits, edit{at.value.from, at.value.to, s.value})
		case len(empty) > 0: // the list may have no other rule to stand behind
			c.edits = append(c.edits, edit{empty[0].value.from, empty[0].value.to, s.value})
			empty = empty[1:]
		default:
			c.append(at.value, s.value)
		}
	}
	c.gone = append(c.gone, empty...)
	return c, len(c.edits)+len(c.gone) > 0
}

// append adds a value at the end of a list.
func (c *mending) append(list *node, value string) {
	if len(list.items) == 0 {
		c.edits = append(c.edits, edit{list.from + 1, list.from + 1, value})
		return
	}
	end := list.items[len(list.items)-1].to
	c.edits = append(c.edits, edit{end, end, ", " + value})
}

// names takes names out of a list, if others are left. It is true if none are.
func (c *mending) names(text string, at position, names []string) (all bool) {
	var gone []position
	for i, item := range at.value.items {
		var name string
		if json.Unmarshal([]byte(text[item.from:item.to]), &name) == nil && slices.Contains(names, name) {
			gone = append(gone, position{item, at.value, i})
		}
	}
	if len(gone) == len(at.value.items) {
		return true
	}
	c.gone = append(c.gone, gone...)
	return false
}
