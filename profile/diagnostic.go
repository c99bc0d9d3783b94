// SPDX-License-Identifier: Apache-2.0

package profile

import (
	"errors"
	"fmt"

	"github.com/gosieve/sieve/seccomp"
)

// What errors of this package wrap, beside being an *Error.
var (
	// ErrSyntax: the document is not JSON.
	ErrSyntax = errors.New("not a JSON document")
	// ErrProfile: it is, but no profile, or its rules contradict one another.
	ErrProfile = errors.New("invalid profile")
	// ErrLimit: it is larger than the limits of the reader.
	ErrLimit = errors.New("over the limit")
	// ErrTarget: the target is not complete enough to resolve for it.
	ErrTarget = errors.New("invalid target")
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

// Diagnostic is something about a document that a person should know.
type Diagnostic struct {
	Severity Severity
	Code     Code
	Message  string
	Place    Place
	Fix      string // what would mend it, for people; empty if that is not clear
	Edits    Edits  // what Fix says, where a program can do it; nil where a person has to
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

// Error is a diagnostic for which there is no profile or no policy.
type Error struct {
	Diagnostic
	// Also is what else is wrong with the document, by place: errors after which
	// reading could go on. After 100 the rest is not looked at, which the last says.
	Also []Diagnostic
	// Kind is ErrSyntax, ErrProfile, ErrLimit or ErrTarget.
	Kind error
}

// Error is the place and the message.
func (e *Error) Error() string {
	if e == nil {
		return "<nil>"
	}
	if place := e.Place.String(); place != "" {
		return place + ": " + e.Message
	}
	return e.Message
}

// Unwrap is Kind.
func (e *Error) Unwrap() error {
	if e == nil {
		return nil
	}
	return e.Kind
}
