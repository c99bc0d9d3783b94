// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"github.com/gosieve/sieve/internal/jsontext"
	"github.com/gosieve/sieve/internal/resolution"
	"github.com/gosieve/sieve/profile"
)

// take makes a mending of edits. It is false where the text has not the parts that they
// speak of.
//
// The order of the edits counts: a rule that resolution.Take leaves without names is a place for
// the rule of a later resolution.Add.
func (c mending) take(text string, root *jsontext.Node, list []profile.Edit) (mending, bool) {
	var empty []jsontext.Position // rules without a name left
	for _, e := range list {
		at, ok := find(root, e.Path)
		switch e.Op {
		case resolution.Remove:
			ok = ok && at.Around != nil
			c.gone = append(c.gone, at)
		case resolution.Replace:
			ok = c.write(root, at, ok, e)
		case resolution.Rename:
			if ok = ok && at.Around != nil && at.Around.Members != nil; ok {
				m := &at.Around.Members[at.Index]
				c.edits = append(c.edits, edit{m.From, m.To, e.Value})
			}
		case resolution.Field:
			if ok {
				c.edits = append(c.edits, edit{at.Value.From + 1, at.Value.From + 1, e.Value + ", "})
			}
		case resolution.Take:
			rule, found := find(root, strings.TrimSuffix(e.Path, ".names"))
			if found && (!ok || c.names(text, at, e.Names)) { // without names it has name, the one
				empty = append(empty, rule)
			}
			ok = found
		case resolution.Add:
			if ok = ok || e.Path == "syscalls"; ok && len(empty) > 0 { // the list may have no other rule to stand behind
				c.edits = append(c.edits, edit{empty[0].Value.From, empty[0].Value.To, e.Value})
				empty = empty[1:]
			} else {
				ok = c.add(root, at, e.Value)
			}
		}
		if !ok {
			return c, false
		}
	}
	c.gone = append(c.gone, empty...)
	return c, len(c.edits)+len(c.gone) > 0
}

// write puts a value in the place of another. A field that is missing comes behind the
// one that was edited before, which is of the same object.
//
// valueTwo may be left out of a condition. If the edit before wrote value, the missing
// field is written in the same edit: "value": 65535, "valueTwo": 7.
func (c *mending) write(root *jsontext.Node, at jsontext.Position, found bool, e profile.Edit) bool {
	if found {
		c.edits = append(c.edits, edit{at.Value.From, at.Value.To, e.Value})
		return true
	}
	object, key, _ := cutLast(e.Path)
	if _, ok := find(root, object); !ok || len(c.edits) == 0 {
		return false
	}
	c.edits[len(c.edits)-1].text += ", " + strconv.Quote(key) + ": " + e.Value
	return true
}

// add adds an item to the list of rules, which a document may not have yet.
//
// A document without the list gets it behind defaultAction, which every document has.
func (c *mending) add(root *jsontext.Node, at jsontext.Position, value string) bool {
	if at.Value != nil {
		c.append(at.Value, value)
		return true
	}
	beside, ok := find(root, "defaultAction")
	if ok {
		c.edits = append(c.edits, edit{beside.Value.To, beside.Value.To, `, "syscalls": [` + value + "]"})
	}
	return ok
}

// append adds a value at the end of a list.
//
// The value stands behind the last item with a comma of its own. What stood between the
// last item and the bracket, such as a line break, stays.
func (c *mending) append(list *jsontext.Node, value string) {
	if len(list.Items) == 0 {
		c.edits = append(c.edits, edit{list.From + 1, list.From + 1, value})
		return
	}
	end := list.Items[len(list.Items)-1].To
	c.edits = append(c.edits, edit{end, end, ", " + value})
}

// names takes names out of a list, if others are left. It is true if none are.
//
// Items are read as JSON, so an escape such as "cl\u006fne" is the name that it stands
// for.
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
