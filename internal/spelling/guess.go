// SPDX-License-Identifier: Apache-2.0

// Package spelling finds the word that a wrong one was probably meant to be. Package arch
// needs it for names of ABIs and internal/wording for all others.
//
// A wrong word is compared with every one that is known, of which there may be hundreds.
// Three rows of the usual table are enough for a swap of neighbours, they live in the
// Guess, and a row that is above the limit ends the work: a search takes some microseconds
// and allocates nothing.
package spelling

import (
	"math/bits"
	"strings"
)

// Fold is a name in lower case without the space around it. All names that are known are
// ASCII; Unicode's tables would only make importers of package arch larger.
func Fold(name string) string {
	name = strings.Trim(name, " \t\r\n")
	for i := range len(name) {
		if 'A' <= name[i] && name[i] <= 'Z' {
			return lower(name)
		}
	}
	return name
}

// lower is a name with ASCII's capitals in lower case.
func lower(name string) string {
	b := []byte(name)
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return string(b)
}

// Guess looks for the nearest of the words that it is offered.
type Guess struct {
	word   string
	letter uint32 // the letters in word, see letters
	limit  int    // what is farther than this is not near
	best   string
	rows   [3][longest + 1]int8 // of distance
}

// longest is how many bytes a word may have that is compared at all.
const longest = 126

// New looks for what a word was meant to be, with at most so many edits.
func New(word string, limit int) *Guess {
	return &Guess{word: word, letter: letters(word), limit: limit}
}

// Typos is how many letters of a short name may be wrong: one in three, and two at most.
// More would find names that have nothing to do with the word.
func Typos(word string) int { return min(2, (len(word)+1)/3) }

// Best is the nearest word so far, "" if none is near. Of equally near words it is the
// first that was offered.
func (g *Guess) Best() string { return g.best }

// Offer keeps a word if it is nearer than the best so far, and says whether it is. An empty
// word never is.
func (g *Guess) Offer(word string) bool {
	apart := len(word) - len(g.word)
	if word == "" || max(apart, -apart) > g.limit || max(len(word), len(g.word)) > longest {
		return false
	}
	if differing(letters(word), g.letter) > 2*g.limit {
		return false // each change of a letter changes at most two of the set
	}
	d := g.distance(word)
	if d > g.limit {
		return false
	}
	g.best, g.limit = word, d-1
	return true
}

// distance is how many bytes must be added, removed, replaced or swapped with
// their neighbour to make one word of the other (optimal string alignment). Of
// what is beyond g.limit it only says that.
func (g *Guess) distance(word string) int {
	before, row, next := &g.rows[0], &g.rows[1], &g.rows[2]
	for j := range len(word) + 1 {
		row[j] = int8(j)
	}
	for i := range len(g.word) {
		next[0] = int8(i + 1)
		least := next[0]
		for j := range len(word) {
			d := min(row[j+1], next[j]) + 1
			if g.word[i] == word[j] {
				d = min(d, row[j])
			} else {
				d = min(d, row[j]+1)
			}
			if i > 0 && j > 0 && g.word[i] == word[j-1] && g.word[i-1] == word[j] {
				d = min(d, before[j-1]+1)
			}
			next[j+1] = d
			least = min(least, d)
		}
		if int(least) > g.limit { // no later row is less, not by a swap either
			return g.limit + 1
		}
		before, row, next = row, next, before
	}
	return int(row[len(word)])
}

// letters is the set of the bytes of a word, folded into 32.
func letters(word string) uint32 {
	set := uint32(0)
	for i := range len(word) {
		set |= 1 << (word[i] & 31)
	}
	return set
}

// differing is how many letters are in one set alone.
func differing(a, b uint32) int { return bits.OnesCount32(a ^ b) }
