// SPDX-License-Identifier: Apache-2.0

package symbolic

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestLiveness: what an instruction reads matters until it is written.
func TestLiveness(t *testing.T) {
	ld, tax, ret := Instruction{Op: 0x20}, Instruction{Op: 0x07}, Instruction{Op: 0x16}
	tests := map[string]struct {
		code []Instruction
		want []registers
	}{
		"RET A reads A":                       {[]Instruction{ld, ret}, []registers{0, regA}},
		"RET K reads nothing":                 {[]Instruction{ld, {Op: 0x06}}, []registers{0, 0}},
		"an operation with X reads both":      {[]Instruction{ld, tax, {Op: 0x0c}, ret}, []registers{0, regA, regA | regX, regA}},
		"an operation with K reads A":         {[]Instruction{ld, {Op: 0x04}, ret}, []registers{0, regA, regA}},
		"TXA overwrites A":                    {[]Instruction{{Op: 0x87}, ret}, []registers{regX, regA}},
		"a cell lives from ST to LD":          {[]Instruction{ld, {Op: 0x02, K: 3}, ld, {Op: 0x60, K: 3}, ret}, []registers{0, regA, cell0 << 3, cell0 << 3, regA}},
		"STX writes what X holds":             {[]Instruction{{Op: 0x03, K: 1}, {Op: 0x60, K: 1}, ret}, []registers{regX, cell0 << 1, regA}},
		"LDX of a cell":                       {[]Instruction{{Op: 0x61, K: 2}, {Op: 0x87}, ret}, []registers{cell0 << 2, regX, regA}},
		"a branch needs what either way does": {[]Instruction{{Op: 0x15, Jf: 1}, {Op: 0x06}, {Op: 0x87}, ret}, []registers{regA | regX, 0, regX, regA}},
		"a branch on X reads X":               {[]Instruction{{Op: 0x1d}, {Op: 0x06}}, []registers{regA | regX, 0}},
		"a jump needs what its target does":   {[]Instruction{{Op: 0x05, K: 1}, {Op: 0x87}, ret}, []registers{regA, regX, regA}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) { assert.Equal(t, tt.want, liveness(tt.code)) })
	}
}
