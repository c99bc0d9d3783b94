// SPDX-License-Identifier: Apache-2.0

package wording

import "strings"

// Nearest is the name that word was probably meant to be: the one with the
// fewest edits, an exchange of neighbours being one, at most a third of its letters, not counting case. Where all names
// begin alike (SCMP_ACT_) and word too, what follows is compared, more leniently; what
// word has without the beginning (ALLOW) is the name that goes on so. It is empty if
// there is none.
func Nearest(word string, names []string) string {
	if len(word) > 64 {
		return ""
	}
	word = strings.ToLower(word)
	most := len(word) / 3
	prefix := commonPrefix(names)
	for _, name := range names {
		if prefix != "" && word == strings.ToLower(name[len(prefix):]) {
			return name
		}
	}
	if prefix != "" && strings.HasPrefix(word, strings.ToLower(prefix)) {
		word = word[len(prefix):]
		most = len(word) * 3 / 5
	} else {
		prefix = ""
	}
	best, least := "", most+1
	for _, name := range names {
		if d := edits(word, strings.ToLower(name[len(prefix):])); d < least {
			best, least = name, d
		}
	}
	return best
}

// commonPrefix is what all names begin with, up to an underscore.
func commonPrefix(names []string) string {
	if len(names) == 0 {
		return ""
	}
	prefix := names[0]
	for _, name := range names[1:] {
		for !strings.HasPrefix(name, prefix) {
			prefix = prefix[:len(prefix)-1]
		}
	}
	return prefix[:strings.LastIndexByte(prefix, '_')+1]
}

// edits is the number of letters to insert, remove or replace, or of neighbours to
// exchange, to make b of a (optimal string alignment). Package arch has the same for
// names of calls (guess.distance), without allocations and with an end at its limit: it
// imports the standard library alone, and exports nothing for one caller here.
func edits(a, b string) int {
	row, last := make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	before := make([]int, len(b)+1)
	for i := range len(a) {
		before, last, row = last, row, before
		row[0] = i + 1
		for j := range len(b) {
			d := last[j]
			if a[i] != b[j] {
				d++
			}
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				d = min(d, before[j-1]+1)
			}
			row[j+1] = min(d, row[j]+1, last[j+1]+1)
		}
	}
	return row[len(b)]
}
