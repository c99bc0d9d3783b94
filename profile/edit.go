// SPDX-License-Identifier: Apache-2.0

package profile

// Edit is one change to the text of a JSON document. All edits of a Diagnostic
// together mend what it says; package lint applies them.
//
//	{"replace", "syscalls[0].names[1]", `"read"`, nil} writes "read" for a misspelt name.
type Edit struct {
	// Op says what the edit does:
	//
	//	"remove"   the part goes, with its key if it is a field
	//	"replace"  Value stands in the part's place; a missing field is added behind the field edited before
	//	"rename"   Value is the key of the field
	//	"field"    Value is a further field of the object, with its key
	//	"add"      Value is a further item of the list
	//	"take"     Names leave the list; a rule that has no other name goes
	Op string
	// Path names the part that changes, "syscalls[3].names", in the profile: in a
	// config.json it begins below linux.seccomp.
	Path string
	// Value is JSON: what is written or added. It is empty for "remove" and "take".
	Value string
	// Names are the calls of "take".
	Names []string
}
