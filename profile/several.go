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
