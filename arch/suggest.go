// SPDX-License-Identifier: Apache-2.0

package arch

import "strings"

// Suggest is the known call whose name is nearest to a wrong one, "" if none is
// near: case, surrounding space and C's prefixes (__NR_, SYS_, sys_) do not
// count, and then up to two letters may be missing, wrong, too many or swapped
// with their neighbour, in short names one. Of equally near names it is the first
// in the alphabet. A known name is nearest to itself.
func Suggest(name string) string {
	if Known(name) {
		return name
	}
	if len(name) > 2*longest {
		return ""
	}
	whole := fold(name)
	word := bare(whole)
	for _, s := range [...]string{whole, word} {
		if Known(s) {
			return s
		}
	}
	near := nearestCall(word)
	if near == "" && word != whole {
		near = nearestCall(whole) // "sys_" may belong to it
	}
	return near
}

// nearestCall is the nearest of all names of calls. They are offered in alphabetical order
// and only a nearer one replaces the best, so equally near names give the first.
func nearestCall(word string) string {
	g := newGuess(word)
	for id := range uint16(names) {
		g.offer(nameOf(id))
	}
	return g.best
}

// bare is a name in lower case without what C adds.
func bare(name string) string {
	for _, prefix := range [...]string{"__arm_nr_", "__nr_", "__x64_sys_", "__se_sys_", "sys_"} {
		if rest, ok := strings.CutPrefix(name, prefix); ok {
			return rest
		}
	}
	return name
}

// fold is a name in lower case without the space around it. All names are ASCII;
// Unicode's tables would only make importers larger.
func fold(name string) string {
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

// guess looks for the nearest of the words that it is offered.
type guess struct {
	word   string
	letter uint32 // the letters in word, see letters
	limit  int    // what is farther than this is not near
	best   string
	rows   [3][maxGuess + 1]int8 // of distance
}

// maxGuess is more bytes than any name has here, call or architecture.
const maxGuess = 32

// newGuess allows one letter in three to be wrong, and two at most: more would suggest names
// that have nothing to do with the word.
func newGuess(word string) *guess {
	return &guess{word: word, letter: letters(word), limit: min(2, (len(word)+1)/3)}
}

// offer keeps a word if it is nearer than the best so far.
func (g *guess) offer(word string) {
	apart := len(word) - len(g.word)
	if word == "" || max(apart, -apart) > g.limit || len(word) > maxGuess {
		return
	}
	if differing(letters(word), g.letter) > 2*g.limit {
		return // each change of a letter changes at most two of the set
	}
	if d := g.distance(word); d <= g.limit {
		g.best, g.limit = word, d-1
	}
}
