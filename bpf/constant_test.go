// SPDX-License-Identifier: Apache-2.0

package bpf

import "testing"

func TestConstant(t *testing.T) {
	const allow = "ret #0x7fff0000"
	tests := map[string]struct {
		program string
		want    bool // for call 59 of architecture 0xc000003e
	}{
		"allow alone":                {allow, true},
		"allow with data":            {"ret #0x7fff0001", false},
		"log":                        {"ret #0x7ffc0000", false},
		"deny":                       {"ret #0x50001", false},
		"allow in A":                 {"ld #0x7fff0000\nret a", false},
		"this number":                {"ld [0]\njeq #59 jt 2 jf 3\n" + allow + "\nret #0", true},
		"another number":             {"ld [0]\njeq #60 jt 2 jf 3\n" + allow + "\nret #0", false},
		"this architecture":          {"ld [4]\njeq #0xc000003e jt 2 jf 3\n" + allow + "\nret #0", true},
		"an argument, unused":        {"ld [16]\n" + allow, false},
		"an argument not on the way": {"ld [0]\njeq #59 jt 3 jf 2\nld [16]\n" + allow, true},
		"the instruction pointer":    {"ld [8]\n" + allow, false},
		"jge":                        {"ld [0]\njge #59 jt 2 jf 3\n" + allow + "\nret #0", true},
		"jgt":                        {"ld [0]\njgt #59 jt 2 jf 3\n" + allow + "\nret #0", false},
		"jset":                       {"ld [0]\njset #0x20 jt 2 jf 3\n" + allow + "\nret #0", true},
		"ja":                         {"ja 2\nret #0\n" + allow, true},
		"a mask":                     {"ld [0]\nand #0x3\njeq #3 jt 3 jf 4\n" + allow + "\nret #0", true},
		"A before a load is zero":    {"jeq #0 jt 1 jf 2\n" + allow + "\nret #0", true},
		"ld #":                       {"ld #0\n" + allow, false},
		"ld #pktlen":                 {"ld #pktlen\n" + allow, false},
		"ldx #":                      {"ldx #0\n" + allow, false},
		"tax":                        {"tax\n" + allow, false},
		"txa":                        {"txa\n" + allow, false},
		"st":                         {"st M[0]\n" + allow, false},
		"or #":                       {"or #0\n" + allow, false},
		"sub #":                      {"sub #0\n" + allow, false},
		"rsh #":                      {"rsh #0\n" + allow, false},
		"and x":                      {"and x\n" + allow, false},
		"neg":                        {"neg\n" + allow, false},
		"jeq x":                      {"jeq x jt 1 jf 1\n" + allow, false},
		"the end":                    {"ld [0]", false},
		"a jump beyond the end":      {"ja 4294967296\n" + allow, false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			p := mustParse(t, tt.program)
			if got := p.Constant(0xc000003e, 59); got != tt.want {
				t.Errorf("%v: got %v, want %v", p, got, tt.want)
			}
		})
	}
}

// TestConstantRun holds Constant to Run: what is constant is allowed.
func TestConstantRun(t *testing.T) {
	r := newRand(2)
	constants := 0
	for range 50_000 {
		p := drawProgram(r, 1+r.IntN(6))
		for i := range p {
			switch p[i].Op {
			case OpRetK:
				p[i].K = allowed
			case OpLdAbs:
				p[i].K %= 8
			case OpSt:
				p[i] = mustParse(t, "and #0xff")[0]
			}
		}
		p = mended(p)
		for range 5 {
			d := drawData(r, p)
			if !p.Constant(d[1], d[0]) {
				continue
			}
			constants++
			if got := p.Run(d); got != allowed {
				t.Fatalf("%v%x: constant, but got %#x", p, d, got)
			}
		}
	}
	if constants < 5000 {
		t.Errorf("%d constants, want 5000 at least", constants)
	}
}

func TestExtendedLen(t *testing.T) {
	tests := map[string]struct {
		program string
		want    int // without the prologue of 3 and the returns
	}{
		"a return":                       {"ret #0", 0},
		"a load":                         {"ld [0]\nret #0", 1},
		"division by x":                  {"div x\nret #0", 5},
		"ja":                             {"ja 1\nret #0", 1},
		"a branch that falls through":    {"jset #1 jt 2 jf 1\nret #0\nret #0", 1},
		"a branch that is turned":        {"jgt #1 jt 1 jf 2\nret #0\nret #0", 1},
		"jset is not turned":             {"jset #1 jt 1 jf 2\nret #0\nret #0", 2},
		"jset x is not turned":           {"jset x jt 1 jf 2\nret #0\nret #0", 2},
		"two jumps":                      {"jge x jt 2 jf 3\nret #0\nret #0\nret #0", 2},
		"a constant that is negative":    {"jeq #0x80000000 jt 2 jf 3\nret #0\nret #0\nret #0", 3},
		"the greatest positive constant": {"jeq #0x7fffffff jt 1 jf 1\nret #0", 1},
		"a negative sum":                 {"add #0x80000000\nret #0", 1},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			p := mustParse(t, tt.program)
			want := 3 + tt.want
			for _, i := range p {
				if i.Op == OpRetK {
					want += 2
				}
			}
			if got := p.ExtendedLen(); got != want {
				t.Errorf("%v: got %d, want %d", p, got, want)
			}
		})
	}
}
