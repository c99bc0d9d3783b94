// SPDX-License-Identifier: Apache-2.0

package symbolic

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestSemantics holds every opcode to the interpreter: A and X hold words of the
// input, and what the opcode makes of them is returned.
func TestSemantics(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, op := range smallOpcodes {
		t.Run(fmt.Sprintf("%#x", op), func(t *testing.T) {
			for range 40 {
				oneOpcode(t, op, r)
			}
		})
	}
}

func oneOpcode(t *testing.T, op uint16, r *rand.Rand) {
	ins := Instruction{Op: op, K: []uint32{0, 1, 3, 0x80, 1 << 31, r.Uint32()}[r.IntN(6)], Jf: 1}
	maskA, maskX := uint32(0x800000ff), uint32(0xf)
	switch op {
	case 0x02, 0x03, 0x60, 0x61:
		ins.K = 3
	case 0x64, 0x74:
		ins.K %= 32
	case 0x6c, 0x7c:
		maskX = 0x1f
	case 0x34:
		ins.K = max(ins.K, 1)
	case 0x05:
		ins.K = 1
	}
	code := []Instruction{
		{Op: 0x20, K: 16}, {Op: 0x54, K: maskX}, {Op: 0x07}, {Op: 0x03, K: 3}, // X and M[3]
		{Op: 0x20, K: 24}, {Op: 0x54, K: maskA},
		ins,
		{Op: 0xac}, // A ^= X shows a change of either
		{Op: 0x03, K: 4}, {Op: 0x61, K: 3}, {Op: 0x0c}, {Op: 0x61, K: 4}, {Op: 0x0c}, {Op: 0x16},
	}
	g := New(LittleEndian().Interleave(Meetings(code)), Limits{})
	answer, err := g.Explore(code)
	require.NoError(t, err)
	for range 20 {
		d := Data{4: r.Uint32(), 6: r.Uint32()}
		got, open := g.Returned(answer, &d)
		require.False(t, open)
		require.Equal(t, run(code, &d), got, "%v, %x", ins, d)
	}
}

// TestUnchecked: an opcode that the kernel refuses has no meaning here either.
func TestUnchecked(t *testing.T) {
	for _, op := range []uint16{0x28, 0x30, 0x40, 0xa0, 0xb1, 0x94, 0x9c, 0xd4, 0x55, 0x65, 0xa5, 0x0f, 0x97} {
		e := explorer{Graph: New(LittleEndian(), Limits{}), live: []registers{0, regA}}
		assert.Panics(t, func() {
			i := Instruction{Op: op}
			if i.branch() {
				e.condition(i, state{})
			} else {
				e.operate(0, i, state{})
			}
		}, "%#x", op)
	}
}
