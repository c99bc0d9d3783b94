// SPDX-License-Identifier: Apache-2.0

package proof

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/gosieve/sieve/bpf"
)

func TestEqualPrograms(t *testing.T) {
	// Two words in A and X, and what becomes of A.
	words := func(op ...uint16) bpf.Program {
		p := bpf.Program{{Op: bpf.OpLdAbs, K: 16}, {Op: bpf.OpTax}, {Op: bpf.OpLdAbs, K: 24}}
		for _, o := range op {
			p = append(p, bpf.Program{{Op: o}}...)
		}
		return append(p, bpf.Program{{Op: bpf.OpRetA}}...)
	}
	swapped := func(op uint16) bpf.Program {
		return bpf.Program{{Op: bpf.OpLdAbs, K: 24}, {Op: bpf.OpTax}, {Op: bpf.OpLdAbs, K: 16}, {Op: op}, {Op: bpf.OpRetA}}
	}
	one := func(op uint16, k uint32) bpf.Program {
		return bpf.Program{{Op: bpf.OpLdAbs, K: 40}, {Op: op, K: k}, {Op: bpf.OpRetA}}
	}
	branch := func(op uint16, k uint32, yes, no uint32) bpf.Program {
		return bpf.Program{{Op: bpf.OpLdAbs, K: 40}, {Op: op, Jf: 1, K: k}, {Op: bpf.OpRetK, K: yes}, {Op: bpf.OpRetK, K: no}}
	}
	open := bpf.Program{{Op: bpf.OpLdAbs, K: 4}, {Op: bpf.OpTax}, {Op: bpf.OpLdAbs, K: 16}, {Op: bpf.OpLshX}, {Op: bpf.OpRetA}}
	tests := map[string]struct {
		p, q bpf.Program
		want bool
	}{
		"at least 1 is not 0":                          {branch(bpf.OpJgeK, 1, 1, 2), branch(bpf.OpJeqK, 0, 2, 1), true},
		"above the largest is never":                   {branch(bpf.OpJgtK, 0xffffffff, 1, 2), branch(bpf.OpJsetK, 0, 1, 2), true},
		"the highest bit is a bound":                   {branch(bpf.OpJsetK, 1<<31, 1, 2), branch(bpf.OpJgeK, 1<<31, 1, 2), true},
		"a bound one off":                              {branch(bpf.OpJgeK, 77, 1, 2), branch(bpf.OpJgtK, 77, 1, 2), false},
		"a sum in either order":                        {words(bpf.OpAddX), swapped(bpf.OpAddX), true},
		"a difference in either order":                 {words(bpf.OpSubX), swapped(bpf.OpSubX), false},
		"minus the difference the other way":           {words(bpf.OpSubX), append(swapped(bpf.OpSubX)[:4:4], bpf.Program{{Op: bpf.OpNeg}, {Op: bpf.OpRetA}}...), true},
		"flipped twice":                                {words(bpf.OpXorX, bpf.OpXorX), bpf.Program{{Op: bpf.OpLdAbs, K: 24}, {Op: bpf.OpRetA}}, true},
		"either, less both, is one of them":            {words(bpf.OpOrX, bpf.OpSubX), words(bpf.OpAndX), false},
		"twice is a shift":                             {one(bpf.OpMulK, 2), one(bpf.OpLshK, 1), true},
		"three times is twice and once":                {one(bpf.OpMulK, 3), bpf.Program{{Op: bpf.OpLdAbs, K: 40}, {Op: bpf.OpTax}, {Op: bpf.OpLshK, K: 1}, {Op: bpf.OpAddX}, {Op: bpf.OpRetA}}, true},
		"half is a shift":                              {one(bpf.OpDivK, 2), one(bpf.OpRshK, 1), true},
		"a third of a byte":                            {append(one(bpf.OpAndK, 0xff)[:2:2], bpf.Program{{Op: bpf.OpDivK, K: 3}, {Op: bpf.OpRetA}}...), append(one(bpf.OpAndK, 0xff)[:2:2], bpf.Program{{Op: bpf.OpMulK, K: 171}, {Op: bpf.OpRshK, K: 9}, {Op: bpf.OpRetA}}...), true},
		"division by a word that may be 0 returns 0":   {words(bpf.OpDivX), words(bpf.OpDivX), true},
		"what is left of a division by itself":         {bpf.Program{{Op: bpf.OpLdAbs, K: 16}, {Op: bpf.OpTax}, {Op: bpf.OpDivX}, {Op: bpf.OpRetA}}, branch(bpf.OpJgeK, 1, 1, 0), false},
		"a byte divided by itself is 1, or returns 0":  {bpf.Program{{Op: bpf.OpLdAbs, K: 40}, {Op: bpf.OpAndK, K: 255}, {Op: bpf.OpTax}, {Op: bpf.OpDivX}, {Op: bpf.OpRetA}}, bpf.Program{{Op: bpf.OpLdAbs, K: 40}, {Op: bpf.OpJsetK, Jf: 1, K: 255}, {Op: bpf.OpRetK, K: 1}, {Op: bpf.OpRetK}}, true},
		"a masked shift by a word":                     {bpf.Program{{Op: bpf.OpLdAbs, K: 16}, {Op: bpf.OpAndK, K: 31}, {Op: bpf.OpTax}, {Op: bpf.OpLdImm, K: 1}, {Op: bpf.OpLshX}, {Op: bpf.OpJeqK, Jf: 1, K: 8}, {Op: bpf.OpRetK, K: 1}, {Op: bpf.OpRetK, K: 2}}, bpf.Program{{Op: bpf.OpLdAbs, K: 16}, {Op: bpf.OpAndK, K: 31}, {Op: bpf.OpJeqK, Jf: 1, K: 3}, {Op: bpf.OpRetK, K: 1}, {Op: bpf.OpRetK, K: 2}}, true},
		"equal words, by X and by flipping":            {bpf.Program{{Op: bpf.OpLdAbs, K: 16}, {Op: bpf.OpTax}, {Op: bpf.OpLdAbs, K: 24}, {Op: bpf.OpJeqX, Jf: 1}, {Op: bpf.OpRetK, K: 1}, {Op: bpf.OpRetK, K: 2}}, append(words(bpf.OpXorX)[:4:4], bpf.Program{{Op: bpf.OpJeqK, Jf: 1}, {Op: bpf.OpRetK, K: 1}, {Op: bpf.OpRetK, K: 2}}...), true},
		"the length is 64":                             {bpf.Program{{Op: bpf.OpLdLen}, {Op: bpf.OpRetA}}, bpf.Program{{Op: bpf.OpRetK, K: 64}}, true},
		"an open shift that does not matter":           {bpf.Program{{Op: bpf.OpLdAbs, K: 16}, {Op: bpf.OpTax}, {Op: bpf.OpLshX}, {Op: bpf.OpRetK, K: 5}}, bpf.Program{{Op: bpf.OpRetK, K: 5}}, true},
		"an open shift, and itself":                    {open, open, true},
		"an open bit that is 2 or 3, and 5":            {append(open[:4:4], bpf.Program{{Op: bpf.OpAndK, K: 1}, {Op: bpf.OpAddK, K: 2}, {Op: bpf.OpRetA}}...), bpf.Program{{Op: bpf.OpLdAbs, K: 4}, {Op: bpf.OpJgeK, Jt: 1, K: 32}, {Op: bpf.OpRetK, K: 2}, {Op: bpf.OpRetK, K: 5}}, false},
		"an open shift, but they differ elsewhere too": {bpf.Program{{Op: bpf.OpLdAbs, K: 4}, {Op: bpf.OpTax}, {Op: bpf.OpLdAbs, K: 16}, {Op: bpf.OpLshX}, {Op: bpf.OpRetA}}, bpf.Program{{Op: bpf.OpRetK, K: 5}}, false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			witness, same, err := EqualPrograms(tt.p, tt.q)
			if err != nil {
				t.Fatal(err)
			}
			if same != tt.want {
				t.Errorf("got %v, want %v: %v\n%v\n%v", same, tt.want, witness, tt.p, tt.q)
			}
			if same != (witness == nil) {
				t.Errorf("equal: %v, witness %v", same, witness)
			}
		})
	}
}

// TestEqualProgramsUndecided: a question that is too large, or open, says so in time, and says
// where it came to.
func TestEqualProgramsUndecided(t *testing.T) {
	product := func(a, b, k uint32) bpf.Program {
		return bpf.Program{{Op: bpf.OpLdAbs, K: a}, {Op: bpf.OpTax}, {Op: bpf.OpLdAbs, K: b}, {Op: bpf.OpMulX}, {Op: bpf.OpJeqK, Jf: 1, K: k}, {Op: bpf.OpRetK, K: 1}, {Op: bpf.OpRetK, K: 2}}
	}
	shift := bpf.Program{{Op: bpf.OpLdAbs, K: 4}, {Op: bpf.OpTax}, {Op: bpf.OpLdAbs, K: 16}, {Op: bpf.OpLshX}, {Op: bpf.OpRetA}}
	shift31 := bpf.Program{{Op: bpf.OpLdAbs, K: 4}, {Op: bpf.OpAndK, K: 31}, {Op: bpf.OpTax}, {Op: bpf.OpLdAbs, K: 16}, {Op: bpf.OpLshX}, {Op: bpf.OpRetA}}
	tests := map[string]struct {
		p, q bpf.Program
		want string
	}{
		"a product in either order": {product(16, 24, 77), product(24, 16, 77), "instruction 3 (MUL X)"},
		"an open shift":             {shift, shift31, "holds 32 or more"},
		"an open shift, later":      {shift, append(bpf.Program{{Op: bpf.OpLdImm}}, shift...), "holds 32 or more"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			_, _, err := EqualPrograms(tt.p, tt.q)
			if !errors.Is(err, ErrUndecided) || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want undecided: %s", err, tt.want)
			}
			t.Log(time.Since(start), err)
		})
	}
	if _, _, err := EqualPrograms(bpf.Program{{Op: bpf.OpRetK}}, bpf.Program{{Op: bpf.OpLdImm}}); !errors.Is(err, bpf.ErrInvalid) || !strings.Contains(err.Error(), "program 2: ") {
		t.Errorf("got %v, want invalid", err)
	}
}
