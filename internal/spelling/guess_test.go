// SPDX-License-Identifier: Apache-2.0

package spelling

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestGuess(t *testing.T) {
	tests := map[string]struct {
		word    string
		limit   int
		offered string
		want    string
	}{
		"letter too many":         {"opennat", 1, "open openat", "openat"},
		"letters swapped":         {"raed", 1, "read", "read"},
		"too far":                 {"raed", 1, "ready", ""},
		"the nearer":              {"pread46", 2, "preadv pread64", "pread64"},
		"the first of two":        {"dup4", 1, "dup dup2", "dup"},
		"the word itself":         {"dup", 0, "dup2 dup", "dup"},
		"many letters":            {"SECKOMP_FILTERFLAG", 9, "SECCOMP_FILTER_FLAG_LOG", "SECCOMP_FILTER_FLAG_LOG"},
		"no word":                 {"x", 1, " ", ""},
		"longer than is compared": {strings.Repeat("x", longest+2), 2, strings.Repeat("x", longest+1), ""},
		"as long as is compared":  {strings.Repeat("x", longest), 1, strings.Repeat("x", longest-1) + "y", strings.Repeat("x", longest-1) + "y"},
	}
	for sentence, tt := range tests {
		t.Run(sentence, func(t *testing.T) {
			g, last := New(tt.word, tt.limit), ""
			for word := range strings.SplitSeq(tt.offered, " ") {
				if g.Offer(word) {
					last = word
				}
			}
			assert.Equal(t, tt.want, g.Best())
			assert.Equal(t, tt.want, last)
		})
	}
}

func TestTypos(t *testing.T) {
	for word, want := range map[string]int{"": 0, "x": 0, "ab": 1, "abcd": 1, "abcde": 2, "abcdefghijkl": 2} {
		assert.Equal(t, want, Typos(word), word)
	}
}

func TestFold(t *testing.T) {
	for name, want := range map[string]string{"": "", " read\n": "read", "SYS_Read": "sys_read", "\u212a": "\u212a"} {
		assert.Equal(t, want, Fold(name))
	}
}

// FuzzGuess holds the bounded distance to the definition, for any two words and any limit.
func FuzzGuess(f *testing.F) {
	f.Add("opennat", "openat", 2)
	f.Add("abc", "cab", 1)
	f.Add("ca", "abc", 3)
	f.Add("\xff\xff_x", "\x1f\x1f_x", 4)
	f.Add(strings.Repeat("ab", 63), strings.Repeat("ba", 63), 126)
	f.Fuzz(func(t *testing.T, word, other string, limit int) {
		if limit = max(limit, -1) % 200; len(word)*len(other) > 1<<14 {
			return
		}
		want := other != "" && len(word) <= longest && len(other) <= longest && plainDistance(word, other) <= limit
		require.Equal(t, want, New(word, limit).Offer(other), "%q %q %d", word, other, limit)
	})
}

// plainDistance is optimal string alignment by its definition.
func plainDistance(a, b string) int {
	d := make([][]int, len(a)+1)
	for i := range d {
		d[i] = make([]int, len(b)+1)
		for j := range d[i] {
			switch {
			case i == 0 || j == 0:
				d[i][j] = i + j
				continue
			case a[i-1] == b[j-1]:
				d[i][j] = d[i-1][j-1]
			default:
				d[i][j] = 1 + min(d[i-1][j-1], d[i-1][j], d[i][j-1])
			}
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d[i][j] = min(d[i][j], d[i-2][j-2]+1)
			}
		}
	}
	return d[len(a)][len(b)]
}
