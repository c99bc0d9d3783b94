// SPDX-License-Identifier: Apache-2.0

package text

import "unicode/utf8"

// MostClipped is how many bytes of a value Clip keeps: enough to recognise the value,
// little enough for a message of one line.
const MostClipped = 64

// Clip keeps a value that someone else wrote from filling an error message. A longer
// value ends in "...", and is never cut inside a character.
func Clip(s string) string {
	if len(s) <= MostClipped {
		return s
	}
	s = s[:MostClipped]
	for !utf8.ValidString(s) {
		s = s[:len(s)-1]
	}
	return s + "..."
}
