// SPDX-License-Identifier: Apache-2.0

package bpf

import (
	"errors"
	"slices"
	"strings"
	"testing"
)

func TestCheck(t *testing.T) {
	long := strings.Repeat("ret #0\n", MaxInstructions)
	tests := map[string]struct {
		program string
		want    string // the error, empty for none
	}{
		"a return alone":              {"ret #0", ""},
		"the accumulator returned":    {"ret a", ""},
		"as long as the kernel takes": {long, ""},
		"an unknown action":           {"ret #0x12345678", ""},
		"a load as the last":          {"ld [0]", "instruction 0 (ld   [0]): the last instruction, want a return"},
		"a jump as the last":          {"ret #0\nja 2", "instruction 1 (ja   2): jump beyond the last instruction, 1"},

		"the last word":            {"ld [60]\nret a", ""},
		"a word behind the data":   {"ld [64]\nret a", "instruction 0 (ld   [64]): offset 64, want a multiple of 4 below 64"},
		"a word that overlaps two": {"ld [2]\nret a", "instruction 0 (ld   [2]): offset 2, want a multiple of 4 below 64"},
		"a word far behind":        {"ld [0xfffff004]\nret a", "instruction 0 (ld   [4294963204]): offset 4294963204, want a multiple of 4 below 64"},
		"a byte":                   {".raw 0x30 0 0 0\nret a", "instruction 0 (.raw 0x30 0 0 0x0): opcode 0x30 is not one that seccomp takes"},
		"a remainder":              {".raw 0x94 0 0 3\nret a", "instruction 0 (.raw 0x94 0 0 0x3): opcode 0x94 is not one that seccomp takes"},
		"the index returned":       {".raw 0xe 0 0 0\nret a", "instruction 0 (.raw 0xe 0 0 0x0): opcode 0xe is not one that seccomp takes"},

		"division by a constant":     {"div #1\nret a", ""},
		"division by 0":              {"div #0\nret a", "instruction 0 (div  #0x0): division by 0"},
		"division by a register":     {"div x\nret a", ""},
		"a shift by 31":              {"lsh #31\nrsh #31\nret a", ""},
		"a shift to the left by 32":  {"lsh #32\nret a", "instruction 0 (lsh  #0x20): shift by 32, want 0 to 31"},
		"a shift to the right by 32": {"rsh #32\nret a", "instruction 0 (rsh  #0x20): shift by 32, want 0 to 31"},

		"a jump to the last":        {"ja 2\nret #0\nret #1", ""},
		"a jump beyond the last":    {"ja 3\nret #0\nret #1", "instruction 0 (ja   3): jump beyond the last instruction, 2"},
		"the longest jump":          {"ja 4294967296\nret #0", "instruction 0 (ja   4294967296): jump beyond the last instruction, 1"},
		"a branch to the last":      {"jeq #0 jt 2 jf 2\nret #0\nret #1", ""},
		"a branch beyond, if equal": {"jeq #0 jt 3 jf 1\nret #0\nret #1", "instruction 0 (jeq  #0x0  jt 3  jf 1): jump beyond the last instruction, 2"},
		"a branch beyond, if not":   {"jset x jt 1 jf 3\nret #0\nret #1", "instruction 0 (jset x  jt 1  jf 3): jump beyond the last instruction, 2"},
		"a jump of 4094":            {"ja 4095\n" + long[:7*(MaxInstructions-1)], ""},

		"the last cell":                     {"st M[15]\nldx M[15]\nret #0", ""},
		"a cell beyond, written":            {"st M[16]\nret #0", "instruction 0 (st   M[16]): scratch cell 16, want 0 to 15"},
		"a cell beyond, from X":             {"stx M[16]\nret #0", "instruction 0 (stx  M[16]): scratch cell 16, want 0 to 15"},
		"a cell beyond, read":               {"ld M[16]\nret #0", "instruction 0 (ld   M[16]): scratch cell 16, want 0 to 15"},
		"a cell beyond, to X":               {"ldx M[0xffffffff]\nret #0", "instruction 0 (ldx  M[4294967295]): scratch cell 4294967295, want 0 to 15"},
		"a cell never written":              {"ld M[3]\nret a", "instruction 0 (ld   M[3]): M[3] is not written on every path to here"},
		"another cell written":              {"st M[2]\nldx M[3]\nret a", "instruction 1 (ldx  M[3]): M[3] is not written on every path to here"},
		"written if equal only":             {"jeq #0 jt 1 jf 2\nst M[3]\nld M[3]\nret a", "instruction 2 (ld   M[3]): M[3] is not written on every path to here"},
		"written on both branches":          {"jeq #0 jt 1 jf 3\nst M[3]\nja 4\nst M[3]\nld M[3]\nret a", ""},
		"written before a branch":           {"stx M[3]\njeq #0 jt 2 jf 3\nldx M[3]\nld M[3]\nret a", ""},
		"unreachable behind a return":       {"ret #0\nld M[3]\nret a", "instruction 1 (ld   M[3]): M[3] is not written on every path to here"},
		"unreachable behind a jump":         {"ja 2\nld M[3]\nret a", ""},
		"a return between write and target": {"st M[3]\njeq #0 jt 3 jf 2\nret #0\nld M[3]\nret a", ""},
		"skipped by a jump":                 {"ja 2\nst M[3]\nld M[3]\nret a", "instruction 2 (ld   M[3]): M[3] is not written on every path to here"},

		"fields that are not used": {".raw 7 1 2 3\n.raw 5 9 9 0\n.raw 0x0c 200 200 200\n.raw 0x1d 0 0 99\n.raw 0x80 1 1 1\n.raw 0x16 255 255 255", ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			err := mustParse(t, tt.program).Check()
			if got := text(err); got != tt.want {
				t.Errorf("%.200s\ngot  %s\nwant %s", tt.program, got, tt.want)
			}
			if err != nil && (!errors.Is(err, ErrInvalid) || errors.Is(err, ErrTooLong)) {
				t.Errorf("%v: want ErrInvalid and not ErrTooLong", err)
			}
		})
	}
}

func text(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func TestCheckLength(t *testing.T) {
	if err := (Program{}).Check(); !errors.Is(err, ErrInvalid) || errors.Is(err, ErrTooLong) {
		t.Errorf("no instructions: got %v", err)
	}
	long := slices.Repeat(Program{{Op: OpRetK}}, MaxInstructions+1)
	if err := long[1:].Check(); err != nil {
		t.Errorf("%d instructions: %v", MaxInstructions, err)
	}
	err := long.Check()
	if !errors.Is(err, ErrInvalid) || !errors.Is(err, ErrTooLong) {
		t.Errorf("%d instructions: got %v, want ErrInvalid and ErrTooLong", len(long), err)
	}
	var refused *checkError
	if !errors.As(err, &refused) || refused.pc != MaxInstructions {
		t.Errorf("got %#v", err)
	}
}

// aroundOpcode is a program in which any opcode that seccomp takes is valid: its
// constant is an offset, a cell that was written, a divisor, a shift, and a jump.
func aroundOpcode(code uint16) Program {
	p := Program{{Op: OpSt, K: 4}, {Op: code, K: 4}}
	return append(p, slices.Repeat(Program{{Op: OpRetK, K: allowed}}, 5)...)
}

// TestCheckOpcodes tries all opcodes that 16 bits can hold.
func TestCheckOpcodes(t *testing.T) {
	var got []uint16
	for code := range 1 << 16 {
		if aroundOpcode(uint16(code)).Check() == nil {
			got = append(got, uint16(code))
		}
	}
	if !slices.Equal(got, acceptedCodes) || len(got) != 41 {
		t.Errorf("got %d opcodes %#x\nwant %#x", len(got), got, acceptedCodes)
	}
}

// TestCheckAllocates holds Check to no allocation for a program without scratch
// memory: it runs after every compilation.
func TestCheckAllocates(t *testing.T) {
	p := slices.Repeat(Program{{Op: OpRetK}}, MaxInstructions)
	if n := testing.AllocsPerRun(10, func() { _ = p.Check() }); n != 0 {
		t.Errorf("got %v allocations, want 0", n)
	}
}

// TestMended shows that the generator of the other tests gives valid programs with
// all opcodes.
func TestMended(t *testing.T) {
	seen := map[uint16]int{}
	r := newRand(1)
	for range 3000 {
		p := drawProgram(r, 1+r.IntN(60))
		if err := p.Check(); err != nil {
			t.Fatalf("%v: %v", p, err)
		}
		p.Trace(drawData(r, p), func(pc int) { seen[p[pc].Op]++ })
	}
	for _, code := range acceptedCodes {
		if seen[code] < 100 {
			t.Errorf("opcode %#x executed %d times, want 100 at least", code, seen[code])
		}
	}
}
