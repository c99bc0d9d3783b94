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
		p := Program{{Op: codeLdAbs, K: 16}, {Op: codeTax}, {Op: codeLdAbs, K: 24}}
		for _, o := range op {
			p = append(p, Program{{Op: o}}...)
		}
		return append(p, Program{{Op: codeRetA}}...)
	}
	swapped := func(op uint16) Program {
		return Program{{Op: codeLdAbs, K: 24}, {Op: codeTax}, {Op: codeLdAbs, K: 16}, {Op: op}, {Op: codeRetA}}
	}
	one := func(op uint16, k uint32) Program {
		return Program{{Op: codeLdAbs, K: 40}, {Op: op, K: k}, {Op: codeRetA}}
	}
	branch := func(op uint16, k uint32, yes, no uint32) Program {
		return Program{{Op: codeLdAbs, K: 40}, {Op: op, Jf: 1, K: k}, {Op: codeRetK, K: yes}, {Op: codeRetK, K: no}}
	}
	open := Program{{Op: codeLdAbs, K: 4}, {Op: codeTax}, {Op: codeLdAbs, K: 16}, {Op: codeLshX}, {Op: codeRetA}}
	tests := map[string]struct {
		p, q Program
		want bool
	}{
		"at least 1 is not 0":                          {branch(codeJgeK, 1, 1, 2), branch(codeJeqK, 0, 2, 1), true},
		"above the largest is never":                   {branch(codeJgtK, 0xffffffff, 1, 2), branch(codeJsetK, 0, 1, 2), true},
		"the highest bit is a bound":                   {branch(codeJsetK, 1<<31, 1, 2), branch(codeJgeK, 1<<31, 1, 2), true},
		"a bound one off":                              {branch(codeJgeK, 77, 1, 2), branch(codeJgtK, 77, 1, 2), false},
		"a sum in either order":                        {words(codeAddX), swapped(codeAddX), true},
		"a difference in either order":                 {words(codeSubX), swapped(codeSubX), false},
		"minus the difference the other way":           {words(codeSubX), append(swapped(codeSubX)[:4:4], Program{{Op: codeNeg}, {Op: codeRetA}}...), true},
		"flipped twice":                                {words(codeXorX, codeXorX), Program{{Op: codeLdAbs, K: 24}, {Op: codeRetA}}, true},
		"either, less both, is one of them":            {words(codeOrX, codeSubX), words(codeAndX), false},
		"twice is a shift":                             {one(codeMulK, 2), one(codeLshK, 1), true},
		"three times is twice and once":                {one(codeMulK, 3), Program{{Op: codeLdAbs, K: 40}, {Op: codeTax}, {Op: codeLshK, K: 1}, {Op: codeAddX}, {Op: codeRetA}}, true},
		"half is a shift":                              {one(codeDivK, 2), one(codeRshK, 1), true},
		"a third of a byte":                            {append(one(codeAndK, 0xff)[:2:2], Program{{Op: codeDivK, K: 3}, {Op: codeRetA}}...), append(one(codeAndK, 0xff)[:2:2], Program{{Op: codeMulK, K: 171}, {Op: codeRshK, K: 9}, {Op: codeRetA}}...), true},
		"division by a word that may be 0 returns 0":   {words(codeDivX), words(codeDivX), true},
		"what is left of a division by itself":         {Program{{Op: codeLdAbs, K: 16}, {Op: codeTax}, {Op: codeDivX}, {Op: codeRetA}}, branch(codeJgeK, 1, 1, 0), false},
		"a byte divided by itself is 1, or returns 0":  {Program{{Op: codeLdAbs, K: 40}, {Op: codeAndK, K: 255}, {Op: codeTax}, {Op: codeDivX}, {Op: codeRetA}}, Program{{Op: codeLdAbs, K: 40}, {Op: codeJsetK, Jf: 1, K: 255}, {Op: codeRetK, K: 1}, {Op: codeRetK}}, true},
		"a masked shift by a word":                     {Program{{Op: codeLdAbs, K: 16}, {Op: codeAndK, K: 31}, {Op: codeTax}, {Op: codeLdImm, K: 1}, {Op: codeLshX}, {Op: codeJeqK, Jf: 1, K: 8}, {Op: codeRetK, K: 1}, {Op: codeRetK, K: 2}}, Program{{Op: codeLdAbs, K: 16}, {Op: codeAndK, K: 31}, {Op: codeJeqK, Jf: 1, K: 3}, {Op: codeRetK, K: 1}, {Op: codeRetK, K: 2}}, true},
		"equal words, by X and by flipping":            {Program{{Op: codeLdAbs, K: 16}, {Op: codeTax}, {Op: codeLdAbs, K: 24}, {Op: codeJeqX, Jf: 1}, {Op: codeRetK, K: 1}, {Op: codeRetK, K: 2}}, append(words(codeXorX)[:4:4], Program{{Op: codeJeqK, Jf: 1}, {Op: codeRetK, K: 1}, {Op: codeRetK, K: 2}}...), true},
		"the length is 64":                             {Program{{Op: codeLdLen}, {Op: codeRetA}}, Program{{Op: codeRetK, K: 64}}, true},
		"an open shift that does not matter":           {Program{{Op: codeLdAbs, K: 16}, {Op: codeTax}, {Op: codeLshX}, {Op: codeRetK, K: 5}}, Program{{Op: codeRetK, K: 5}}, true},
		"an open shift, and itself":                    {open, open, true},
		"an open bit that is 2 or 3, and 5":            {append(open[:4:4], Program{{Op: codeAndK, K: 1}, {Op: codeAddK, K: 2}, {Op: codeRetA}}...), Program{{Op: codeLdAbs, K: 4}, {Op: codeJgeK, Jt: 1, K: 32}, {Op: codeRetK, K: 2}, {Op: codeRetK, K: 5}}, false},
		"an open shift, but they differ elsewhere too": {Program{{Op: codeLdAbs, K: 4}, {Op: codeTax}, {Op: codeLdAbs, K: 16}, {Op: codeLshX}, {Op: codeRetA}}, Program{{Op: codeRetK, K: 5}}, false},
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
		return Program{{Op: codeLdAbs, K: a}, {Op: codeTax}, {Op: codeLdAbs, K: b}, {Op: codeMulX}, {Op: codeJeqK, Jf: 1, K: k}, {Op: codeRetK, K: 1}, {Op: codeRetK, K: 2}}
	}
	shift := Program{{Op: codeLdAbs, K: 4}, {Op: codeTax}, {Op: codeLdAbs, K: 16}, {Op: codeLshX}, {Op: codeRetA}}
	shift31 := Program{{Op: codeLdAbs, K: 4}, {Op: codeAndK, K: 31}, {Op: codeTax}, {Op: codeLdAbs, K: 16}, {Op: codeLshX}, {Op: codeRetA}}
	tests := map[string]struct {
		p, q Program
		want string
	}{
		"a product in either order": {product(16, 24, 77), product(24, 16, 77), "instruction 3 (MUL X)"},
		"an open shift":             {shift, shift31, "holds 32 or more"},
		"an open shift, later":      {shift, append(Program{{Op: codeLdImm}}, shift...), "holds 32 or more"},
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
	if _, _, err := Equal(Program{{Op: codeRetK}}, Program{{Op: codeLdImm}}); !errors.Is(err, ErrInvalid) || !strings.Contains(err.Error(), "program 2: ") {
		t.Errorf("got %v, want invalid", err)
	}
}
