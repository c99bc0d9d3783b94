// SPDX-License-Identifier: Apache-2.0

package review

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/seccomp/proof"
)

// TestValuesOf: whatever form a set gets, it has the values that the prover's had. The sets are
// cut out of each other as the prover cuts: by bits, by intervals, or both.
func TestValuesOf(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	forms := map[string]int{}
	for range 3000 {
		var list []proof.MaskedRange
		mask := []uint64{all64, low32, 0x7e020000, 0xff}[r.IntN(4)] & (r.Uint64() | r.Uint64())
		if r.IntN(2) == 0 { // some bit of the mask is not that of a value
			value := r.Uint64() & mask
			for seen, rest := uint64(0), mask; rest != 0 && len(list) < 20; rest &= rest - 1 {
				bit := rest & -rest
				list = append(list, proof.MaskedRange{Mask: seen | bit, From: value&seen | ^value&bit, To: value&seen | ^value&bit})
				seen |= bit
			}
			if r.IntN(2) == 0 {
				list = slices.DeleteFunc(list, func(proof.MaskedRange) bool { return r.IntN(2) == 0 })
			}
		} else {
			next := uint64(0)
			for range r.IntN(6) {
				from := next + r.Uint64N(1<<r.IntN(40)+1)
				to := from + r.Uint64N(1<<r.IntN(40)+1)
				list = append(list, proof.MaskedRange{Mask: all64, From: from, To: to})
				next = to + 1
			}
		}
		v := valuesOf(list, false)
		if v.none != nil {
			forms["none"]++
		}
		forms["intervals"] += min(len(v.intervals), 1)
		forms["masked"] += min(len(v.masked), 1)
		tries := []uint64{0, 1, all64, low32, 1 << 32, r.Uint64()}
		for _, m := range list {
			tries = append(tries, m.From, m.To, m.From-1, m.To+1, m.From|r.Uint64()&^m.Mask, m.From^m.Mask&-m.Mask)
		}
		for _, x := range tries {
			want := false
			for _, m := range list {
				want = want || m.From <= x&m.Mask && x&m.Mask <= m.To
			}
			require.Equal(t, want, v.contains(x), "%#x in %x: %+v", x, list, v)
		}
		if len(v.masked) == 0 && v.none == nil {
			others := values{bits: v.bits, intervals: v.without()}
			for _, x := range tries {
				require.NotEqual(t, v.contains(x), others.contains(x), "%#x in %x", x, list)
			}
		}
	}
	for _, form := range []string{"none", "intervals", "masked"} {
		assert.Greater(t, forms[form], 100, form)
	}
}
