// SPDX-License-Identifier: Apache-2.0

package wording

import (
	"slices"
	"strings"

	"github.com/gosieve/sieve/internal/spelling"
)

// Nearest is the name that word was probably meant to be: the one with the fewest edits, not
// counting case. An exchange of neighbours is one edit, and at most a third of the letters of
// word may be edited: "raed" is read. It is empty if
// there is none.
//
// Where all names begin alike (SCMP_ACT_) and word does too, only what follows is compared,
// and three fifths of it may be edited. A word without the beginning (ALLOW), or with another
// one of that kind (SECCOMP_RET_ALLOW), is the name that goes on so, or nearly so (ALOW).
//
// Words above 64 bytes are no misspelt names, and comparing them would take long.
func Nearest(word string, names []string) string {
	if len(word) > 64 {
		return ""
	}
	word = strings.ToLower(word)
	most := len(word) / 3
	prefix := commonPrefix(names)
	if found := ending(word, names, prefix); prefix != "" && found != "" {
		return found
	}
	if prefix != "" && strings.HasPrefix(word, strings.ToLower(prefix)) {
		word = word[len(prefix):]
		most = len(word) * 3 / 5
	} else {
		prefix = ""
	}
	best, g := "", spelling.New(word, most)
	for _, name := range names {
		if g.Offer(strings.ToLower(name[len(prefix):])) {
			best = name
		}
	}
	if common := commonPrefix(names); best == "" && prefix == "" && common != "" {
		for _, name := range names {
			if g.Offer(strings.ToLower(name[len(common):])) {
				best = name
			}
		}
	}
	return best
}

// beginnings are the words of which the beginnings of names are made, in documents and in
// the kernel.
var beginnings = []string{"scmp", "seccomp", "act", "cmp", "ret", "arch", "audit", "filter", "flag", "cap"}

// ending is the name that goes on as the word does behind a beginning like that of the names:
// the longest, as KILL_PROCESS ends as PROCESS does.
func ending(word string, names []string, prefix string) string {
	best := ""
	for _, name := range names {
		bare := strings.ToLower(name[len(prefix):])
		begin, ok := strings.CutSuffix(word, bare)
		if !ok || len(name) <= len(best) {
			continue
		}
		known := begin == "" || strings.HasSuffix(begin, "_")
		for part := range strings.SplitSeq(strings.TrimSuffix(begin, "_"), "_") {
			known = known && (begin == "" || slices.Contains(beginnings, part))
		}
		if known {
			best = name
		}
	}
	return best
}

// commonPrefix is what all names begin with, up to an underscore: "SCMP_ACT_" of
// SCMP_ACT_ALLOW and SCMP_ACT_ERRNO. It is empty if they have no underscore in common.
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
