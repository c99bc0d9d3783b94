// SPDX-License-Identifier: Apache-2.0

package page

import (
	"fmt"
	"strings"
	"unicode"
)

// Text is text of a document, or about one, that may hold any characters. In the page those
// that cannot be seen are visible.
type Text string

// MarshalText implements encoding.TextMarshaler.
func (t Text) MarshalText() ([]byte, error) { return []byte(visible(string(t))), nil }

// visible writes characters that are not seen, or that change the order in which others are,
// as their numbers: "\u202e" turns what follows it around, so that a rule may look like
// another. A tab stays.
func visible(s string) string {
	if strings.IndexFunc(s, hidden) < 0 {
		return s
	}
	var b strings.Builder
	for _, c := range s {
		if hidden(c) {
			fmt.Fprintf(&b, "\\u%04x", c)
			continue
		}
		b.WriteRune(c)
	}
	return b.String()
}

// hidden says whether a character is a control, a format character as the marks of direction and
// the characters of no width, or a separator of lines.
func hidden(c rune) bool {
	return c != '\t' && unicode.IsControl(c) || unicode.In(c, unicode.Cf, unicode.Zl, unicode.Zp)
}
