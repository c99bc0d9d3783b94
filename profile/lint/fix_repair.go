// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/gosieve/sieve/internal/jsontext"
	"github.com/gosieve/sieve/internal/repair"
)

// take mends a diagnostic by the repairs that its fix lists. They change what the
// document means, each in the way that it says.
func (c mending) take(text string, root *jsontext.Node, list []repair.Repair) (mending, bool) {
	c.unsafe = true
	var empty []jsontext.Position // rules without a name left
	for _, s := range list {
		at, ok := find(root, s.Path)
		if s.Verb == "take" {
			rule, found := find(root, strings.TrimSuffix(s.Path, ".names"))
			if !found {
				return c, false
			}
			if !ok || c.names(text, at, s.Names) { // without names it has name, the one
				empty = append(empty, rule)
			}
			continue
		}
		beside, hasDefault := find(root, "defaultAction")
		switch {
		case !ok && s.Verb == "add" && s.Path == "syscalls" && hasDefault: // there is no list yet
			c.edits = append(c.edits, edit{beside.Value.To, beside.Value.To, `, "syscalls": [` + s.Value + "]"})
		case !ok:
			return c, false
		case s.Verb == "write":
			c.edits = append(c.edits, edit{at.Value.From, at.Value.To, s.Value})
		case len(empty) > 0: // the list may have no other rule to stand behind
			c.edits = append(c.edits, edit{empty[0].Value.From, empty[0].Value.To, s.Value})
			empty = empty[1:]
		default:
			c.append(at.Value, s.Value)
		}
	}
	c.gone = append(c.gone, empty...)
	return c, len(c.edits)+len(c.gone) > 0
}

// append adds a value at the end of a list.
func (c *mending) append(list *jsontext.Node, value string) {
	if len(list.Items) == 0 {
		c.edits = append(c.edits, edit{list.From + 1, list.From + 1, value})
		return
	}
	end := list.Items[len(list.Items)-1].To
	c.edits = append(c.edits, edit{end, end, ", " + value})
}

// names takes names out of a list, if others are left. It is true if none are.
func (c *mending) names(text string, at jsontext.Position, names []string) (all bool) {
	var gone []jsontext.Position
	for i, item := range at.Value.Items {
		var name string
		if json.Unmarshal([]byte(text[item.From:item.To]), &name) == nil && slices.Contains(names, name) {
			gone = append(gone, jsontext.Position{Value: item, Around: at.Value, Index: i})
		}
	}
	if len(gone) == len(at.Value.Items) {
		return true
	}
	c.gone = append(c.gone, gone...)
	return false
}
