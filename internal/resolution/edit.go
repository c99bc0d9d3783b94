// SPDX-License-Identifier: Apache-2.0

package resolution

import "strings"

// Edit is an Edit of package profile.
type Edit struct {
	Op    string
	Path  string
	Value string
	Names []string
}

// The words of Edit.Op, which profile.Edit explains.
const (
	Remove  = "remove"
	Replace = "replace"
	Rename  = "rename"
	Field   = "field"
	Add     = "add"
	Take    = "take"
)

// text is the edit for people, who see where the diagnostic is: "remove it".
func (e Edit) text() string {
	switch e.Op {
	case Remove:
		return "remove it"
	case Add:
		return "add " + e.Value + " to " + e.Path
	case Take:
		return "take " + strings.Join(e.Names, " and ") + " out of " + e.Path
	}
	return "write " + e.Value
}

// Fix is edits for people: "take a and b out of syscalls[1].names, and add RULE to
// syscalls".
func Fix[E ~struct {
	Op    string
	Path  string
	Value string
	Names []string
}](list []E) string {
	texts := make([]string, len(list))
	for i, e := range list {
		texts[i] = Edit(e).text()
	}
	return strings.Join(texts, ", and ")
}
