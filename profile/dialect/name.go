// SPDX-License-Identifier: Apache-2.0

package dialect

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// ErrDialect is what errors wrap about a dialect that is unknown, or that a document
// does not tell.
var ErrDialect = errors.New("unknown dialect")

// Name is a dialect.
type Name string

// ParseName reads the name of a dialect, one of Names.
func ParseName(name string) (Name, error) {
	if slices.Contains(Names(), Name(name)) {
		return Name(name), nil
	}
	return "", fmt.Errorf("%w %q, want %s", ErrDialect, name, list(Names(), "or"))
}

// Names are all dialects, Docker's own first.
func Names() []Name {
	var names []Name
	for _, t := range tools {
		names = append(names, t.name)
	}
	return names
}

// list is names as a sentence has them.
func list(names []Name, last string) string {
	words := make([]string, len(names))
	for i, n := range names {
		words[i] = string(n)
	}
	if n := len(words); n > 1 {
		words = append(words[:n-2], words[n-2]+" "+last+" "+words[n-1])
	}
	return strings.Join(words, ", ")
}
