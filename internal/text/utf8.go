// SPDX-License-Identifier: Apache-2.0

package text

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Check finds what no format allows in a document: a byte order mark at its beginning
// and bytes that are not UTF-8. The message is empty if there is neither; otherwise at
// is the offset of the first such byte.
//
// A byte order mark is refused because tools differ: some skip it, others read it as
// a part of the first word.
func Check(doc string) (at int, message string) {
	if strings.HasPrefix(doc, "\ufeff") {
		return 0, "byte order mark: want UTF-8 without one"
	}
	if utf8.ValidString(doc) {
		return 0, ""
	}
	for {
		c, size := utf8.DecodeRuneInString(doc[at:])
		if c == utf8.RuneError && size == 1 {
			return at, fmt.Sprintf("invalid UTF-8: byte %#02x", doc[at])
		}
		at += size
	}
}
