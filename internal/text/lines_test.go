// SPDX-License-Identifier: Apache-2.0

package text

import (
	"math/rand/v2"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
)

// plainly is a position by its definition.
func plainly(text string, at int) (line, column int) {
	before := text[:at]
	return 1 + strings.Count(before, "\n"), at - strings.LastIndexByte(before, '\n')
}

// TestLines asks for every offset of texts with short, long and empty lines, around
// each multiple of stride.
func TestLines(t *testing.T) {
	r := rand.New(rand.NewPCG(31, 32))
	for _, longest := range []int{1, 2, 40, 300, 3 * stride} {
		for _, size := range []int{0, 1, stride - 1, stride, stride + 1, 5*stride + 7} {
			var b strings.Builder
			for b.Len() < size {
				b.WriteString(strings.Repeat("x", r.IntN(longest)) + "\n")
			}
			text := b.String()[:size]
			lines := NewLines(text)
			for at := range len(text) + 1 {
				line, column := lines.Position(at)
				wantLine, wantColumn := plainly(text, at)
				if line != wantLine || column != wantColumn {
					t.Fatalf("offset %d of %d: got %d:%d, want %d:%d", at, len(text), line, column, wantLine, wantColumn)
				}
			}
		}
	}
}

// TestLinesAtOnce: goroutines may share one, also for the first question.
func TestLinesAtOnce(t *testing.T) {
	text := strings.Repeat("ab\n", 2*stride)
	lines := NewLines(text)
	var group sync.WaitGroup
	for i := range 8 {
		group.Go(func() {
			for at := i; at <= len(text); at += 97 {
				line, column := lines.Position(at)
				wantLine, wantColumn := plainly(text, at)
				assert.Equal(t, [2]int{wantLine, wantColumn}, [2]int{line, column})
			}
		})
	}
	group.Wait()
}
