// SPDX-License-Identifier: Apache-2.0

package bpf

import (
	"slices"
	"testing"
)

func TestRun(t *testing.T) {
	d := Data{0: 59, 1: 0xc000003e, 4: 7, 5: 0xffffffff, 15: 0x1234}
	tests := map[string]struct {
		program string
		want    uint32
	}{
		"ret #":                       {"ret #0x7fff0000", 0x7fff0000},
		"the registers begin as zero": {"add x\nret a", 0},
		"the number":                  {"ld [0]\nret a", 59},
		"the architecture":            {"ld [4]\nret a", 0xc000003e},
		"an argument":                 {"ld [16]\nret a", 7},
		"the last word":               {"ld [60]\nret a", 0x1234},
		"ld #":                        {"ld #5\nret a", 5},
		"ldx #":                       {"ldx #5\ntxa\nret a", 5},
		"ld #pktlen":                  {"ld #pktlen\nret a", 64},
		"ldx #pktlen":                 {"ldx #pktlen\ntxa\nret a", 64},
		"tax":                         {"ld #5\ntax\nld #6\ntxa\nret a", 5},
		"st and ld":                   {"ld #5\nst M[15]\nld #6\nst M[14]\nld M[15]\nret a", 5},
		"stx and ldx":                 {"ldx #5\nstx M[0]\nldx #6\nldx M[0]\ntxa\nret a", 5},
		"add #":                       {"ld [20]\nadd #3\nret a", 2},
		"add x":                       {"ldx #9\nld [16]\nadd x\nret a", 16},
		"sub #":                       {"sub #1\nret a", 0xffffffff},
		"sub x":                       {"ldx #9\nld [16]\nsub x\nret a", 0xfffffffe},
		"mul #":                       {"ld #0x10001\nmul #0x10001\nret a", 0x20001},
		"mul x":                       {"ldx #0xffffffff\nld #3\nmul x\nret a", 0xfffffffd},
		"div # is unsigned":           {"ld [20]\ndiv #2\nret a", 0x7fffffff},
		"div x":                       {"ldx #9\nld #80\ndiv x\nret a", 8},
		"div x by 0 ends":             {"ld #80\ndiv x\nret #1", 0},
		"or #":                        {"ld #5\nor #10\nret a", 15},
		"or x":                        {"ldx #6\nld #1\nor x\nret a", 7},
		"and #":                       {"ld #13\nand #6\nret a", 4},
		"and x":                       {"ldx #6\nld #13\nand x\nret a", 4},
		"xor #":                       {"ld #13\nxor #6\nret a", 11},
		"xor x":                       {"ldx #6\nld #13\nxor x\nret a", 11},
		"lsh #":                       {"ld #3\nlsh #31\nret a", 0x80000000},
		"rsh # is unsigned":           {"ld [20]\nrsh #31\nret a", 1},
		"lsh x":                       {"ldx #4\nld #3\nlsh x\nret a", 48},
		"rsh x":                       {"ldx #4\nld #0x123\nrsh x\nret a", 0x12},
		"lsh x by 33 uses five bits":  {"ldx #33\nld #3\nlsh x\nret a", 6},
		"rsh x by 32 uses five bits":  {"ldx #32\nld #3\nrsh x\nret a", 3},
		"neg":                         {"ld #5\nneg\nret a", 0xfffffffb},
		"neg of the least":            {"ld #0x80000000\nneg\nret a", 0x80000000},

		"ja":                       {"ja 2\nret #1\nret #2\nret #3", 2},
		"jeq #, equal":             {"ld [0]\njeq #59 jt 3 jf 2\nret #1\nret #2", 2},
		"jeq #, not":               {"ld [0]\njeq #58 jt 3 jf 2\nret #1\nret #2", 1},
		"jgt # is unsigned":        {"ld [20]\njgt #1 jt 3 jf 2\nret #1\nret #2", 2},
		"jgt #, equal":             {"ld [0]\njgt #59 jt 3 jf 2\nret #1\nret #2", 1},
		"jge #, equal":             {"ld [0]\njge #59 jt 3 jf 2\nret #1\nret #2", 2},
		"jge #, less":              {"ld [0]\njge #60 jt 3 jf 2\nret #1\nret #2", 1},
		"jset #, one of two bits":  {"ld [0]\njset #0x44 jt 3 jf 2\nret #1\nret #2", 1},
		"jset #, no bit":           {"ld [0]\njset #0x2 jt 3 jf 2\nret #1\nret #2", 2},
		"jeq x, equal":             {"ldx #59\nld [0]\njeq x jt 4 jf 3\nret #1\nret #2", 2},
		"jeq x, not":               {"ldx #1\nld [0]\njeq x jt 4 jf 3\nret #1\nret #2", 1},
		"jgt x, equal":             {"ldx #59\nld [0]\njgt x jt 4 jf 3\nret #1\nret #2", 1},
		"jgt x, greater":           {"ldx #58\nld [0]\njgt x jt 4 jf 3\nret #1\nret #2", 2},
		"jge x, equal":             {"ldx #59\nld [0]\njge x jt 4 jf 3\nret #1\nret #2", 2},
		"jge x, less":              {"ldx #0xffffffff\nld [0]\njge x jt 4 jf 3\nret #1\nret #2", 1},
		"jset x, a bit":            {"ldx #1\nld [0]\njset x jt 4 jf 3\nret #1\nret #2", 2},
		"jset x, no bit":           {"ldx #4\nld [0]\njset x jt 4 jf 3\nret #1\nret #2", 1},
		"fields that are not used": {".raw 0x16 1 2 3", 0},
		"a jump's unused fields":   {".raw 5 7 7 1\nret #1\nret #2", 2},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			p := mustParse(t, tt.program)
			if err := p.Check(); err != nil {
				t.Fatal(err)
			}
			if got := p.Run(&d); got != tt.want {
				t.Errorf("%v%x: got %#x, want %#x", p, d, got, tt.want)
			}
		})
	}
}

// TestRunUnchecked runs programs that Check refuses.
func TestRunUnchecked(t *testing.T) {
	tests := map[string]struct {
		program string
		want    uint32
	}{
		"without a return":        {"ld #5", 0},
		"a jump beyond":           {"ja 7\nret #5", 0},
		"a jump of 2^32-1":        {"ld #1\nja 4294967297\nret #5", 0},
		"a branch beyond":         {"jeq #0 jt 100 jf 1\nret #5", 0},
		"an opcode not taken":     {".raw 0x30 0 0 0\nret #5", 0},
		"an opcode beyond a byte": {".raw 0x1006 0 0 5\nret #5", 0},
		"a word beyond":           {"ld [64]\nret #5", 0},
		"a word between":          {"ld [3]\nret #5", 0},
		"a cell beyond":           {"st M[16]\nret #5", 0},
		"a cell beyond, read":     {"ldx M[0xffffffff]\nret #5", 0},
		"a cell not written":      {"ld #5\nld M[1]\nret a", 0},
		"division by 0":           {"div #0\nret #5", 0},
		"a shift by 32":           {"lsh #32\nret #5", 0},
		"a shift by more":         {"rsh #99\nret #5", 0},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			p := mustParse(t, tt.program)
			if p.Check() == nil {
				t.Fatalf("%v: Check accepts it", p)
			}
			if got := p.Run(&Data{1, 2, 3}); got != tt.want {
				t.Errorf("%v: got %#x, want %#x", p, got, tt.want)
			}
		})
	}
	if got := (Program{}).Run(&Data{}); got != 0 {
		t.Errorf("no instructions: got %#x, want 0", got)
	}
}

func TestTrace(t *testing.T) {
	p := mustParse(t, "ld [0]\njgt #5 jt 3 jf 2\nret #0\nja 5\nret #1\nret #2")
	tests := map[string]struct {
		nr     uint32
		want   []int
		answer uint32
	}{
		"not taken":       {5, []int{0, 1, 2}, 0},
		"taken, and a ja": {6, []int{0, 1, 3, 5}, 2},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			var got []int
			answer := p.Trace(&Data{tt.nr}, func(pc int) { got = append(got, pc) })
			if !slices.Equal(got, tt.want) || answer != tt.answer {
				t.Errorf("got %v, %#x, want %v, %#x", got, answer, tt.want, tt.answer)
			}
		})
	}
}

func TestRunAllocates(t *testing.T) {
	p, d := mustParse(t, meaningful["scratch memory and both registers"]), Data{}
	if n := testing.AllocsPerRun(100, func() { p.Run(&d) }); n != 0 {
		t.Errorf("got %v allocations, want 0", n)
	}
}
