// SPDX-License-Identifier: Apache-2.0

package symbolic

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestMeetings: words whose bits an operation brings together, wherever they were kept.
func TestMeetings(t *testing.T) {
	both := []Instruction{{Op: 0x20, K: 16}, {Op: 0x07}, {Op: 0x20, K: 24}}
	then := func(more ...Instruction) []Instruction { return append(both[:3:3], more...) }
	tests := map[string]struct {
		code []Instruction
		want []uint16
	}{
		"a sum":                        {then(Instruction{Op: 0x0c}, Instruction{Op: 0x16}), []uint16{1<<4 | 1<<6}},
		"a comparison":                 {then(Instruction{Op: 0x1d}, Instruction{Op: 0x06}), []uint16{1<<4 | 1<<6}},
		"the same sum twice":           {then(Instruction{Op: 0x0c}, Instruction{Op: 0x0c}, Instruction{Op: 0x16}), []uint16{1<<4 | 1<<6}},
		"no operation with X":          {then(Instruction{Op: 0x04}, Instruction{Op: 0x16}), nil},
		"a word and a constant":        {[]Instruction{{Op: 0x01, K: 5}, {Op: 0x20}, {Op: 0x0c}, {Op: 0x16}}, nil},
		"a word and itself":            {[]Instruction{{Op: 0x20}, {Op: 0x07}, {Op: 0x0c}, {Op: 0x16}}, nil},
		"a shift, which is by bits":    {then(Instruction{Op: 0x6c}, Instruction{Op: 0x16}), nil},
		"through a cell":               {[]Instruction{{Op: 0x20, K: 16}, {Op: 0x02, K: 7}, {Op: 0x61, K: 7}, {Op: 0x20, K: 24}, {Op: 0xac}, {Op: 0x16}}, []uint16{1<<4 | 1<<6}},
		"through STX and TXA":          {then(Instruction{Op: 0x03, K: 2}, Instruction{Op: 0x07}, Instruction{Op: 0x60, K: 2}, Instruction{Op: 0x5c}, Instruction{Op: 0x16}), []uint16{1<<4 | 1<<6}},
		"on one of two paths":          {[]Instruction{{Op: 0x20, K: 16}, {Op: 0x07}, {Op: 0x15, Jf: 1}, {Op: 0x20, K: 24}, {Op: 0x0c}, {Op: 0x16}}, []uint16{1<<4 | 1<<6}},
		"a sum of a sum meets a third": {then(Instruction{Op: 0x0c}, Instruction{Op: 0x07}, Instruction{Op: 0x20, K: 32}, Instruction{Op: 0x4c}, Instruction{Op: 0x16}), []uint16{1<<4 | 1<<6, 1<<4 | 1<<6 | 1<<8}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) { assert.Equal(t, tt.want, Meetings(tt.code)) })
	}
}
