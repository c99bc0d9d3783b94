// SPDX-License-Identifier: Apache-2.0

package bpf

import (
	"errors"
	"strings"
	"testing"
	"time"
)

func TestEqual(t *testing.T) {
	// Two words in A and X, and what becomes of A.
	words := func(op ...uint16) Program {
		p := Program{{Op: OpLdAbs, K: 16}, {Op: OpTax}, {Op: OpLdAbs, K: 24}}
		for _, o := range op {
			p = append(p, Program{{Op: o}}...)
		}
		return append(p, Program{{Op: OpRetA}}...)
	}
	swapped := func(op uint16) Program {
		return Program{{Op: OpLdAbs, K: 24}, {Op: OpTax}, {Op: OpLdAbs, K: 16}, {Op: op}, {Op: OpRetA}}
	}
	one := func(op uint16, k uint32) Program {
		return Program{{Op: OpLdAbs, K: 40}, {Op: op, K: k}, {Op: OpRetA}}
	}
	branch := func(op uint16, k uint32, yes, no uint32) Program {
		return Program{{Op: OpLdAbs, K: 40}, {Op: op, Jf: 1, K: k}, {Op: OpRetK, K: yes}, {Op: OpRetK, K: no}}
	}
	open := Program{{Op: OpLdAbs, K: 4}, {Op: OpTax}, {Op: OpLdAbs, K: 16}, {Op: OpLshX}, {Op: OpRetA}}
	tests := map[string]struct {
		p, q Program
		want bool
	}{
		"at least 1 is not 0":                          {branch(OpJgeK, 1, 1, 2), branch(OpJeqK, 0, 2, 1), true},
		"above the largest is never":                   {branch(OpJgtK, 0xffffffff, 1, 2), branch(OpJsetK, 0, 1, 2), true},
		"the highest bit is a bound":                   {branch(OpJsetK, 1<<31, 1, 2), branch(OpJgeK, 1<<31, 1, 2), true},
		"a bound one off":                              {branch(OpJgeK, 77, 1, 2), branch(OpJgtK, 77, 1, 2), false},
		"a sum in either order":                        {words(OpAddX), swapped(OpAddX), true},
		"a difference in either order":                 {words(OpSubX), swapped(OpSubX), false},
		"minus the difference the other way":           {words(OpSubX), append(swapped(OpSubX)[:4:4], Program{{Op: OpNeg}, {Op: OpRetA}}...), true},
		"flipped twice":                                {words(OpXorX, OpXorX), Program{{Op: OpLdAbs, K: 24}, {Op: OpRetA}}, true},
		"either, less both, is one of them":            {words(OpOrX, OpSubX), words(OpAndX), false},
		"twice is a shift":                             {one(OpMulK, 2), one(OpLshK, 1), true},
		"three times is twice and once":                {one(OpMulK, 3), Program{{Op: OpLdAbs, K: 40}, {Op: OpTax}, {Op: OpLshK, K: 1}, {Op: OpAddX}, {Op: OpRetA}}, true},
		"half is a shift":                              {one(OpDivK, 2), one(OpRshK, 1), true},
		"a third of a byte":                            {append(one(OpAndK, 0xff)[:2:2], Program{{Op: OpDivK, K: 3}, {Op: OpRetA}}...), append(one(OpAndK, 0xff)[:2:2], Program{{Op: OpMulK, K: 171}, {Op: OpRshK, K: 9}, {Op: OpRetA}}...), true},
		"division by a word that may be 0 returns 0":   {words(OpDivX), words(OpDivX), true},
		"what is left of a division by itself":         {Program{{Op: OpLdAbs, K: 16}, {Op: OpTax}, {Op: OpDivX}, {Op: OpRetA}}, branch(OpJgeK, 1, 1, 0), false},
		"a byte divided by itself is 1, or returns 0":  {Program{{Op: OpLdAbs, K: 40}, {Op: OpAndK, K: 255}, {Op: OpTax}, {Op: OpDivX}, {Op: OpRetA}}, Program{{Op: OpLdAbs, K: 40}, {Op: OpJsetK, Jf: 1, K: 255}, {Op: OpRetK, K: 1}, {Op: OpRetK}}, true},
		"a masked shift by a word":                     {Program{{Op: OpLdAbs, K: 16}, {Op: OpAndK, K: 31}, {Op: OpTax}, {Op: OpLdImm, K: 1}, {Op: OpLshX}, {Op: OpJeqK, Jf: 1, K: 8}, {Op: OpRetK, K: 1}, {Op: OpRetK, K: 2}}, Program{{Op: OpLdAbs, K: 16}, {Op: OpAndK, K: 31}, {Op: OpJeqK, Jf: 1, K: 3}, {Op: OpRetK, K: 1}, {Op: OpRetK, K: 2}}, true},
		"equal words, by X and by flipping":            {Program{{Op: OpLdAbs, K: 16}, {Op: OpTax}, {Op: OpLdAbs, K: 24}, {Op: OpJeqX, Jf: 1}, {Op: OpRetK, K: 1}, {Op: OpRetK, K: 2}}, append(words(OpXorX)[:4:4], Program{{Op: OpJeqK, Jf: 1}, {Op: OpRetK, K: 1}, {Op: OpRetK, K: 2}}...), true},
		"the length is 64":                             {Program{{Op: OpLdLen}, {Op: OpRetA}}, Program{{Op: OpRetK, K: 64}}, true},
		"an open shift that does not matter":           {Program{{Op: OpLdAbs, K: 16}, {Op: OpTax}, {Op: OpLshX}, {Op: OpRetK, K: 5}}, Program{{Op: OpRetK, K: 5}}, true},
		"an open shift, and itself":                    {open, open, true},
		"an open bit that is 2 or 3, and 5":            {append(open[:4:4], Program{{Op: OpAndK, K: 1}, {Op: OpAddK, K: 2}, {Op: OpRetA}}...), Program{{Op: OpLdAbs, K: 4}, {Op: OpJgeK, Jt: 1, K: 32}, {Op: OpRetK, K: 2}, {Op: OpRetK, K: 5}}, false},
		"an open shift, but they differ elsewhere too": {Program{{Op: OpLdAbs, K: 4}, {Op: OpTax}, {Op: OpLdAbs, K: 16}, {Op: OpLshX}, {Op: OpRetA}}, Program{{Op: OpRetK, K: 5}}, false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			witness, same, err := Equal(tt.p, tt.q)
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

// TestEqualUndecided: a question that is too large, or open, says so in time, and says
// where it came to.
func TestEqualUndecided(t *testing.T) {
	product := func(a, b, k uint32) Program {
		return Program{{Op: OpLdAbs, K: a}, {Op: OpTax}, {Op: OpLdAbs, K: b}, {Op: OpMulX}, {Op: OpJeqK, Jf: 1, K: k}, {Op: OpRetK, K: 1}, {Op: OpRetK, K: 2}}
	}
	shift := Program{{Op: OpLdAbs, K: 4}, {Op: OpTax}, {Op: OpLdAbs, K: 16}, {Op: OpLshX}, {Op: OpRetA}}
	shift31 := Program{{Op: OpLdAbs, K: 4}, {Op: OpAndK, K: 31}, {Op: OpTax}, {Op: OpLdAbs, K: 16}, {Op: OpLshX}, {Op: OpRetA}}
	tests := map[string]struct {
		p, q Program
		want string
	}{
		"a product in either order": {product(16, 24, 77), product(24, 16, 77), "instruction 3 (MUL X)"},
		"an open shift":             {shift, shift31, "holds 32 or more"},
		"an open shift, later":      {shift, append(Program{{Op: OpLdImm}}, shift...), "holds 32 or more"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			_, _, err := Equal(tt.p, tt.q)
			if !errors.Is(err, ErrUndecided) || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want undecided: %s", err, tt.want)
			}
			t.Log(time.Since(start), err)
		})
	}
	if _, _, err := Equal(Program{{Op: OpRetK}}, Program{{Op: OpLdImm}}); !errors.Is(err, ErrInvalid) || !strings.Contains(err.Error(), "program 2: ") {
		t.Errorf("got %v, want invalid", err)
	}
}
