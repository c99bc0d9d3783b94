// SPDX-License-Identifier: Apache-2.0

package seccomp

import (
	"fmt"
	"strconv"
)

// Origin is where a rule comes from. It takes no part in what the rule means. The zero
// Origin says nothing.
type Origin struct {
	File         string // the document; may be empty
	Line, Column int    // from 1, Column in bytes; 0 if not known
	Path         string // the part of the document: "syscalls[3]"
	Reason       Reason // why the rule is there, where no document says so itself
	// Note is the word of whoever made the rule: "no other personality". For
	// Multiplexed it is the name of the call that makes others.
	Note string
}

// Reason says why a rule is there that a document does not have as it stands.
type Reason uint8

// The reasons.
const (
	Written     Reason = iota // the document has the rule, or a program
	UnknownCall               // it answers calls that the document does not know, with ENOSYS
	Multiplexed               // it is for a call that is made through another: socketcall, ipc
)

// String is "profile.json:12:3", "syscalls[3]", "12:3 through socketcall", "ENOSYS" or
// what Note says, and empty for the zero Origin.
func (o Origin) String() string {
	place := o.File
	if o.Line > 0 {
		place = strconv.Itoa(o.Line) + ":" + strconv.Itoa(o.Column)
		if o.File != "" {
			place = o.File + ":" + place
		}
	}
	switch {
	case o.Path != "" && place != "":
		place += ": " + o.Path
	case o.Path != "":
		place = o.Path
	}
	switch {
	case o.Reason == UnknownCall && o.Note == "":
		return "ENOSYS"
	case o.Reason == Multiplexed:
		return place + " through " + o.Note
	case place == "":
		return o.Note
	}
	return place
}

// Describe says in words what decided: the origin of the rule, or "rule 3" if it has
// none, "architecture not listed", or "default".
func (p *Policy) Describe(d Decision) string {
	switch {
	case d.By == ByBadArch:
		return "architecture not listed"
	case d.By == ByDefault || p == nil || d.Rule < 0 || d.Rule >= len(p.Rules):
		return "default"
	case p.Rules[d.Rule].Origin == Origin{}:
		return fmt.Sprintf("rule %d", d.Rule)
	}
	return p.Rules[d.Rule].Origin.String()
}
