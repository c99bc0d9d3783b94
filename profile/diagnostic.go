// SPDX-License-Identifier: Apache-2.0

package profile

import (
	"fmt"

	"github.com/gosieve/sieve/seccomp"
)

// Severity says how much a diagnostic matters.
type Severity uint8

// The severities.
const (
	Info    Severity = iota + 1 // a fact worth knowing
	Warning                     // probably not what was meant; Strict refuses it
	Failure                     // there is no policy; or, from Lint alone, one that a program can get around
)

// String is "info", "warning" or "error".
func (s Severity) String() string {
	switch s {
	case Info:
		return "info"
	case Warning:
		return "warning"
	case Failure:
		return "error"
	}
	return fmt.Sprintf("Severity(%d)", uint8(s))
}

// Code names a kind of diagnostic: "unknown-syscall". Codes do not change; docs/deviations.md
// and dialect.Codes have what each stands for.
type Code string

// Diagnostic is something about a document that a person should know.
//
// Code is for programs and does not change. Message and Fix are for people and may.
type Diagnostic struct {
	Severity Severity
	Code     Code
	Message  string
	Place    Place
	Fix      string // what would mend it, for people; empty if that is not clear
	Edits    []Edit // what Fix says, where a program can do it; nil where a person has to
	// Witness is a call that shows it, nil where none does.
	Witness *seccomp.Call
}

// String is "profile.json:3:9: syscalls[0].names[1]: warning: unknown system
// call "raed", nearest is "read" (unknown-syscall)".
func (d Diagnostic) String() string {
	s := d.Severity.String() + ": " + d.Message + " (" + string(d.Code) + ")"
	if place := d.Place.String(); place != "" {
		return place + ": " + s
	}
	return s
}
