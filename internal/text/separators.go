// SPDX-License-Identifier: Apache-2.0

package text

// Separators returns at least half of how many values a YAML document has: each value
// follows one of these characters, and a value of a mapping has a key beside it. It
// counts without parsing, so that a reader can refuse a document before its YAML library
// allocates anything.
func Separators(doc []byte) int {
	n := 1
	for _, c := range doc {
		switch c {
		case '\n', '\r', ',', ':', '[', '{', '?', '-':
			n++
		}
	}
	return n
}
