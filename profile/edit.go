// SPDX-License-Identifier: Apache-2.0

package profile

import "strings"

// Edit is one change to the text of a JSON document. All edits of a Diagnostic
// together mend what it says; package lint applies them.
//
//	{EditReplace, "syscalls[0].names[1]", `"read"`, nil} writes "read" for a misspelt name.
type Edit struct {
	Kind EditKind
	// Path names the part that changes, "syscalls[3].names", in the profile: in a
	// config.json it begins below linux.seccomp.
	Path string
	// Value is JSON: what is written or added. It is empty for EditRemove and EditTake.
	Value string
	// Names are the calls of EditTake.
	Names []string
}

// EditKind says what an Edit does.
type EditKind uint8

// The kinds of edits.
const (
	EditRemove  EditKind = iota + 1 // the part goes, with its key if it is a field
	EditReplace                     // Value stands in the part's place; a missing field is added behind the field edited before
	EditRename                      // Value is the key of the field
	EditField                       // Value is a further field of the object, with its key
	EditAdd                         // Value is a further item of the list
	EditTake                        // Names leave the list; a rule that has no other name goes
)

// String is the edit for people, who see where the diagnostic is: "remove it".
func (e Edit) String() string {
	switch e.Kind {
	case EditRemove:
		return "remove it"
	case EditAdd:
		return "add " + e.Value + " to " + e.Path
	case EditTake:
		return "take " + strings.Join(e.Names, " and ") + " out of " + e.Path
	}
	return "write " + e.Value
}

// Edits are what mends a Diagnostic.
type Edits []Edit

// String is the edits for people: "take a and b out of syscalls[1].names, and add RULE
// to syscalls".
func (list Edits) String() string {
	texts := make([]string, len(list))
	for i, e := range list {
		texts[i] = e.String()
	}
	return strings.Join(texts, ", and ")
}
