// SPDX-License-Identifier: Apache-2.0

package arch

import "math/bits"

// Suggestions compare a wrong name with every one of some 500. Three rows of the usual table
// are enough for a swap of neighbours, they live in the guess, and a row that is above the
// limit ends the work: a miss takes some microseconds and allocates nothing.
//
// internal/wording has the same distance for longer words, the names of constants. They
// are two because this package imports the standard library alone.

// distance is how many bytes must be added, removed, replaced or swapped with
// their neighbour to make one word of the other (optimal string alignment). Of
// what is beyond g.limit it only says that.
func (g *guess) distance(word string) int {
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
