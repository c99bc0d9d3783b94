// SPDX-License-Identifier: Apache-2.0

package symbolic

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// diamonds is a program of n tests of bits after each of which the paths meet again,
// with another sum in X if carry says that the sum of the bits is kept, and else with
// something in X that is never looked at.
func diamonds(n int, carry bool) []Instruction {
	code := []Instruction{{Op: 0x00}, {Op: 0x07}}
	kept := Instruction{Op: 0x87}
	if !carry {
		kept = Instruction{Op: 0x00}
	}
	for i := range n {
		code = append(code, Instruction{Op: 0x20, K: 16}, Instruction{Op: 0x45, Jf: 3, K: 1 << i},
			kept, Instruction{Op: 0x04, K: 1 << i}, Instruction{Op: 0x07})
	}
	return append(code, kept, Instruction{Op: 0x16})
}

// TestPoints: an instruction is visited once for each state of the registers that
// still matter, whatever the number of paths that lead to it.
func TestPoints(t *testing.T) {
	count := func(code []Instruction, limit int) (points int, ok bool) {
		g := New(LittleEndian(), Limits{States: limit})
		e := explorer{Graph: g, code: code, live: liveness(code)}
		p, ok, err := e.forward(state{})
		require.NoError(t, err)
		if !ok {
			return 0, false
		}
		return len(p.list), true
	}
	plain := diamonds(20, false)
	points, ok := count(plain, 4)
	assert.True(t, ok, "a register that nobody looks at again makes no new state")
	assert.Equal(t, len(plain), points)
	_, ok = count(diamonds(20, true), 4)
	assert.False(t, ok, "2^20 sums are too many points: states must be merged")
	points, ok = count(diamonds(3, true), 1<<10)
	assert.True(t, ok)
	assert.Greater(t, points, len(diamonds(3, true)))
}

// TestForwardKnown: a branch on a constant leads one way only.
func TestForwardKnown(t *testing.T) {
	code := []Instruction{{Op: 0x00, K: 7}, {Op: 0x15, Jf: 1, K: 7}, {Op: 0x06, K: 1}, {Op: 0x06, K: 2}}
	e := explorer{Graph: New(LittleEndian(), Limits{}), code: code, live: liveness(code)}
	p, ok, err := e.forward(state{})
	require.NoError(t, err)
	require.True(t, ok)
	assert.EqualValues(t, -1, p.first[3], "instruction 3 is never reached")
	assert.NotEqualValues(t, -1, p.first[2])
}
