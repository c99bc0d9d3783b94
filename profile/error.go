// SPDX-License-Identifier: Apache-2.0

package profile

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
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

// Error is a diagnostic for which there is no profile or no policy.
//
// errors.As finds it, for the place and the code; errors.Is finds its Kind.
type Error struct {
	Diagnostic
	// Also is what else is wrong with the document, by place: errors after which reading could
	// go on. Reading ends after 100 of them, and the last one says so.
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

// maxErrors is how many errors of a document are looked for.
//
// A reader of the first hundred has enough to mend, and a document that is no profile at
// all ends soon.
const maxErrors = 100

// together makes one error of those of a document: the first by place, with the others
// behind it. It is nil if there are none.
func together(list []*Error) *Error {
	if len(list) == 0 {
		return nil
	}
	slices.SortStableFunc(list, func(a, b *Error) int {
		return cmp.Or(cmp.Compare(a.Place.Line, b.Place.Line), cmp.Compare(a.Place.Column, b.Place.Column))
	})
	first := *list[0]
	for _, e := range list[1:] {
		first.Also = append(first.Also, e.Diagnostic)
	}
	if len(list) >= maxErrors {
		first.Also = append(first.Also, Diagnostic{Severity: Failure, Code: "more-warnings", Message: "further errors are not looked for",
			Place: Place{File: first.Place.File}})
	}
	return &first
}

// UnsayableError lists what a policy or a document means and no document of a dialect
// can say. It is the one error for that, whoever writes.
//
// A writer gives the reasons in place of a document: half a policy would be a weaker
// filter.
type UnsayableError struct {
	Dialect Dialect
	Reasons []string // at least one
}

// Error is all reasons in one line.
func (e *UnsayableError) Error() string {
	if e == nil {
		return "<nil>"
	}
	return fmt.Sprintf("%s cannot say this: %s", e.Dialect, strings.Join(e.Reasons, "; "))
}
