// SPDX-License-Identifier: Apache-2.0

package diagram

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/symbolic"
	"github.com/gosieve/sieve/seccomp"
	"github.com/stretchr/testify/require"
)

// TestWindow: numbers come out in order, those outside the window where they were added.
func TestWindow(t *testing.T) {
	for _, base := range []uint32{0, 4000, 1 << 30} {
		w := window{base: base}
		var far []uint32
		for _, nr := range []uint32{base + 2047, base, base + 63, base + 64, base + 2048, base - 1} {
			far = w.add(far, nr)
		}
		require.Equal(t, []uint32{base + 2048, base - 1}, far)
		require.Equal(t, []uint32{base, base + 63, base + 64, base + 2047}, w.append(nil))
	}
}

// TestPartition: every number at which a range of a rule begins, and the one after its end,
// is the first of an interval, and find knows it although many share their lowest bits.
func TestPartition(t *testing.T) {
	r := rand.New(rand.NewPCG(41, 42))
	var numbers []seccomp.Range
	for i := range uint32(300) {
		from := i<<slotBits | r.Uint32()%4
		numbers = append(numbers, seccomp.Range{From: from, To: from + r.Uint32()%3})
	}
	numbers = append(numbers, seccomp.Range{From: MaxWord, To: MaxWord})
	p := &seccomp.Policy{Arches: []arch.Arch{arch.X86_64, arch.X32}, Rules: []seccomp.Rule{{Numbers: numbers}}}
	g := symbolic.New(symbolic.LittleEndian(), symbolic.Limits{})
	c := encoder{Graph: g, policy: p, token: arch.X86_64.Audit()}
	c.prepare(g.Leaf(0))
	require.True(t, slices.IsSortedFunc(c.intervals, func(a, b interval) int { return int(int64(a.first) - int64(b.first)) }))
	require.Zero(t, c.intervals[0].first)
	for _, n := range numbers {
		require.Equal(t, n.From, c.intervals[c.find(n.From)].first)
		if n.To != MaxWord {
			require.Equal(t, n.To+1, c.intervals[c.find(n.To+1)].first)
		}
	}
	for _, x := range c.intervals {
		abi, _ := arch.Of(c.token, x.first)
		require.Equal(t, abi, x.abi)
	}
}
