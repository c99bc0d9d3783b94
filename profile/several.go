// SPDX-License-Identifier: Apache-2.0

package profile

import (
	"cmp"
	"slices"
)

// maxErrors is how many errors of a document are looked for.
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

// keep is for an error after which reading can go on. After maxErrors it does not.
func (r *reader) keep(e *Error) {
	if e == nil || r.err != nil {
		return
	}
	r.kept = append(r.kept, e)
	if len(r.kept) >= maxErrors {
		r.stop()
	}
}

// keepWrong is wrong for a value that has been read.
func (r *reader) keepWrong(code Code, at int, format string, args ...any) {
	if r.err == nil {
		r.keep(r.failure(ErrProfile, code, at, format, args...))
	}
}

// badNumber refuses a number, for which 0 is read.
func (r *reader) badNumber(at int, format string, args ...any) {
	r.numbers++
	r.keepWrong("number", at, format, args...)
}

// stop ends reading for the errors that there are.
func (r *reader) stop() {
	if r.err != nil {
		r.kept = append(r.kept, r.err)
	}
	if len(r.kept) > 0 {
		r.err = together(r.kept)
		r.kept = nil
	}
}
