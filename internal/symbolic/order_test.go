// SPDX-License-Identifier: Apache-2.0

package symbolic

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestOrder: every order has every bit of the input at one level, and knows the bit of
// a level.
func TestOrder(t *testing.T) {
	orders := map[string]Order{
		"little-endian": LittleEndian(), "big-endian": BigEndian(),
		"some interleaved": LittleEndian().Interleave([]uint16{1<<4 | 1<<5, 1<<5 | 1<<9, 1 << 1}),
		"all interleaved":  BigEndian().Interleave([]uint16{1<<16 - 1}),
		"some words first": LittleEndian().First([]uint8{8, 3}),
	}
	for name, o := range orders {
		seen := map[uint16]bool{}
		for word := range o.level {
			for bit, level := range o.level[word] {
				assert.False(t, seen[level], name)
				seen[level] = true
				w, b := o.place(int(level))
				assert.Equal(t, [2]int{word, bit}, [2]int{w, b}, name)
				if bit > 0 {
					assert.Less(t, o.level[word][bit], o.level[word][bit-1], "%s: the highest bit is looked at first", name)
				}
			}
		}
		assert.Len(t, seen, inputLevels, name)
	}
}

// TestOrderHalves: the high half of an argument comes first, where the ABI has it.
func TestOrderHalves(t *testing.T) {
	little, big := LittleEndian(), BigEndian()
	for i := range 6 {
		assert.Less(t, little.level[5+2*i][0], little.level[4+2*i][31])
		assert.Less(t, big.level[4+2*i][0], big.level[5+2*i][31])
	}
	for _, o := range []Order{little, big} {
		assert.Less(t, o.level[1][0], o.level[0][31], "the architecture comes before the number")
	}
}

// TestInterleave: bits of words that meet alternate, through others that they meet too.
// Other words are left alone.
func TestInterleave(t *testing.T) {
	o := LittleEndian().Interleave([]uint16{1<<6 | 1<<9, 1<<4 | 1<<6})
	for _, word := range []uint8{4, 6, 9} {
		assert.False(t, o.contiguous(word))
		for bit := range 31 {
			assert.EqualValues(t, 3, o.level[word][bit]-o.level[word][bit+1])
		}
	}
	for _, word := range []uint8{0, 1, 5, 7, 8, 15} {
		assert.True(t, o.contiguous(word))
	}
	assert.Equal(t, LittleEndian(), LittleEndian().Interleave(nil))
}

// TestFirst: those words come before all others, which keep their order. An order with
// words whose bits alternate is left as it is.
func TestFirst(t *testing.T) {
	o := LittleEndian().First([]uint8{8, 0})
	assert.Equal(t, [][]uint8{{8}, {0}, {1}, {5}, {4}, {7}, {6}, {9}, {11}, {10}, {13}, {12}, {15}, {14}, {3}, {2}}, o.groups)
	together := LittleEndian().Interleave([]uint16{1<<4 | 1<<6})
	assert.Equal(t, together, together.First([]uint8{8}))
}
