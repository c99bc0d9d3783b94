// SPDX-License-Identifier: Apache-2.0

package wording

import (
	"fmt"
	"slices"
	"strings"
)

// Join lists words.
func Join(words []string) string { return strings.Join(words, ", ") }

// Few lists a few words: "read, write, open, close, stat and 12 more". Five fit a line of a
// message beside what is said of them.
func Few(words []string) string {
	const few = 5
	if len(words) <= few {
		return strings.Join(words, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(words[:few], ", "), len(words)-few)
}

// Rule names a rule of a policy by its number and, if it has one, its origin: "rule 3",
// "rule 3 (relaxed.json:7:3)".
func Rule(n int, origin string) string {
	if origin == "" {
		return fmt.Sprintf("rule %d", n)
	}
	return fmt.Sprintf("rule %d (%s)", n, origin)
}

// AppendNew appends a name that is not the last already. It is enough where equal names come
// one after the other, and does not search the list.
func AppendNew(list []string, name string) []string {
	if n := len(list); n > 0 && list[n-1] == name {
		return list
	}
	return append(list, name)
}

// AppendOnce appends a name that is not in the list. It searches the list each time, which
// is fine for the names of one message and not for thousands.
func AppendOnce(list []string, name string) []string {
	if slices.Contains(list, name) {
		return list
	}
	return append(list, name)
}
