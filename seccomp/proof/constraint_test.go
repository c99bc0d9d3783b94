// SPDX-License-Identifier: Apache-2.0

package proof

import (
	"testing"

	"github.com/gosieve/sieve/internal/symbolic"
	"github.com/gosieve/sieve/seccomp/proof/internal/diagram"
	"github.com/stretchr/testify/require"
)

func TestConstraintsOn(t *testing.T) {
	value := func(list ...uint32) (sets []symbolic.Set) {
		for _, v := range list {
			sets = append(sets, symbolic.Set{Mask: diagram.MaxWord, From: v, To: v})
		}
		return sets
	}
	some := []symbolic.Set{{Mask: diagram.MaxWord, From: 3, To: 9}}
	tests := map[string]struct {
		high, low []symbolic.Set
		want      []string
	}{
		"nothing is known":          {nil, nil, nil},
		"a value":                   {value(1), value(2), []string{"argument 4 = 0x100000002"}},
		"two values":                {value(0), value(2, 5), []string{"argument 4 = 0x2 or = 0x5"}},
		"a range below a value":     {value(1), some, []string{"argument 4 = 0x100000003..0x100000009"}},
		"the low half alone":        {nil, value(2), []string{"argument 4 & 0xffffffff = 0x2"}},
		"the high half alone":       {value(1), nil, []string{"argument 4 & 0xffffffff00000000 = 0x100000000"}},
		"two ranges stay apart":     {some, some, []string{"argument 4 & 0xffffffff00000000 = 0x300000000..0x900000000", "argument 4 & 0xffffffff = 0x3..0x9"}},
		"some bits of the low half": {value(0), []symbolic.Set{{Mask: 6, From: 4, To: 4}}, []string{"argument 4 & 0xffffffff00000006 = 0x4"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			constraints := constraintsOn(4, tt.high, tt.low)
			var got []string
			for _, c := range constraints {
				got = append(got, c.String())
			}
			require.Equal(t, tt.want, got)
			in := func(sets []symbolic.Set, v uint32) bool {
				for _, s := range sets {
					if s.From <= v&s.Mask && v&s.Mask <= s.To {
						return true
					}
				}
				return sets == nil
			}
			for _, h := range []uint32{0, 1, 2, 3, 9, 10} {
				for _, l := range []uint32{0, 2, 3, 4, 5, 9, 10, diagram.MaxWord} {
					all := true
					for _, c := range constraints {
						all = all && c.holds(uint64(h)<<32|uint64(l))
					}
					require.Equal(t, in(tt.high, h) && in(tt.low, l), all, "%#x %#x", h, l)
				}
			}
		})
	}
	for index, want := range map[int]string{IndexIP: "instruction pointer = 0x1", IndexNr: "number = 0x1", IndexAudit: "AUDIT_ARCH = 0x1"} {
		require.Equal(t, want, Constraint{index, []MaskedRange{{^uint64(0), 1, 1}}}.String())
	}
}
