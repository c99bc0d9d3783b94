// SPDX-License-Identifier: Apache-2.0

package assembly

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// read reads one file of assembly.
func read(t *testing.T, goarch, text string) (*File, error) {
	t.Helper()
	name := filepath.Join(t.TempDir(), "x.s")
	require.NoError(t, os.WriteFile(name, []byte(text), 0o666))
	return Read(Config{GOARCH: goarch, Package: "example.com/p"}, []string{name})
}

// TestNumbers: what the register of the number holds at a system call, on all ways to it.
func TestNumbers(t *testing.T) {
	for _, row := range []struct {
		name, goarch, body string
		want               Value
	}{
		{"constant", "amd64", "MOVL $60, AX\nSYSCALL", Value{Kind: Const, N: 60}},
		{"expression", "amd64", "MOVL $(0x50<<1 + 3), AX\nSYSCALL", Value{Kind: Const, N: 163}},
		{"expression by precedence", "amd64", "MOVL $(1 + 2)*3|4&0xc, AX\nSYSCALL", Value{Kind: Const, N: 13}},
		{"expression with a name", "amd64", "MOVL $(1 + x), AX\nSYSCALL", Value{}},
		{"expression that divides by 0", "amd64", "MOVL $(1/0), AX\nSYSCALL", Value{}},
		{"zero", "amd64", "XORL AX, AX\nSYSCALL", Value{Kind: Const}},
		{"argument", "amd64", "MOVQ nr+8(FP), AX\nSYSCALL", Value{Kind: Param, N: 8}},
		{"by another register", "amd64", "MOVQ nr+0(FP), R12\nMOVQ R12, AX\nSYSCALL", Value{Kind: Param}},
		{"lost in a call", "amd64", "MOVL $60, AX\nCALL ·g(SB)\nSYSCALL", Value{}},
		{"lost in a system call", "amd64", "MOVL $60, AX\nSYSCALL\nSYSCALL", Value{}},
		{"changed", "amd64", "MOVL $60, AX\nADDL $1, AX\nSYSCALL", Value{}},
		{"changed without a name", "amd64", "MOVL $60, AX\nCPUID\nSYSCALL", Value{}},
		{"exchanged", "amd64", "MOVL $60, AX\nXCHGQ AX, BX\nSYSCALL", Value{}},
		{"two ways, one number", "amd64", "MOVL $60, AX\nTESTQ BX, BX\nJZ l\nMOVL $1, DI\nl:\nSYSCALL", Value{Kind: Const, N: 60}},
		{"two ways, two numbers", "amd64", "MOVL $60, AX\nTESTQ BX, BX\nJZ l\nMOVL $61, AX\nl:\nSYSCALL", Value{}},
		{"a loop", "amd64", "MOVL $60, AX\nl:\nSYSCALL\nJMP l", Value{}},
		{"a jump by count", "amd64", "MOVL $60, AX\nJLS 2(PC)\nMOVL $61, AX\nSYSCALL", Value{}},
		{"nothing", "amd64", "SYSCALL", Value{}},
		{"never come to", "amd64", "MOVL $60, AX\nRET\nSYSCALL", Value{}},
		{"i386's", "amd64", "MOVL $60, AX\nINT $0x80", Value{}},
		{"a byte of it", "amd64", "MOVL $60, AX\nMOVB $61, AL\nSYSCALL", Value{}},
		{"machine code before", "amd64", "MOVL $60, AX\nBYTE $0x90\nSYSCALL", Value{}},
		{"an argument that is changed", "amd64", "MOVQ $60, nr+0(FP)\nMOVQ nr+0(FP), AX\nSYSCALL", Value{}},
		{"an argument whose address is taken", "amd64", "LEAQ nr+0(FP), BX\nMOVQ $60, (BX)\nMOVQ nr+0(FP), AX\nSYSCALL", Value{}},
		{"sign-extended", "amd64", "MOVL $60, BX\nMOVLQSX BX, AX\nSYSCALL", Value{}},
		{"arm64", "arm64", "MOVD $94, R8\nSVC", Value{Kind: Const, N: 94}},
		{"arm64, zero register", "arm64", "MOVD ZR, R8\nSVC", Value{Kind: Const}},
		{"arm64, pair", "arm64", "MOVD $94, R8\nLDP 8(R0), (R8, R9)\nSVC", Value{}},
		{"ppc64le, in the instruction", "ppc64le", "SYSCALL $1", Value{Kind: Const, N: 1}},
		{"riscv64", "riscv64", "MOV $93, X17\nECALL", Value{Kind: Const, N: 93}},
		{"386", "386", "MOVL $1, AX\nCALL 0x10(GS)", Value{Kind: Const, N: 1}},
	} {
		f, err := read(t, row.goarch, "TEXT ·f(SB), 4, $0-16\n"+row.body+"\nRET\n")
		require.NoError(t, err, row.name)
		require.Len(t, f.Functions, 1, row.name)
		calls := f.Functions[0].Calls
		require.NotEmpty(t, calls, row.name)
		assert.Equal(t, row.want, calls[len(calls)-1].Number, row.name)
	}
}

// TestRegisters: a function that takes its arguments in registers.
func TestRegisters(t *testing.T) {
	f, err := read(t, "amd64", "TEXT ·f<ABIInternal>(SB), 4, $0\nMOVQ BX, DI\nSYSCALL\nRET\n")
	require.NoError(t, err)
	call := f.Functions[0].Calls[0]
	assert.Equal(t, Value{Kind: Register}, call.Number)
	assert.Equal(t, Value{Kind: Register, N: 1}, call.Args[0])
	assert.Equal(t, "example.com/p.f", f.Functions[0].Symbol)
}

// TestBits: constant bits that are set in an argument, on all ways or on some.
func TestBits(t *testing.T) {
	f, err := read(t, "amd64", "TEXT ·f(SB), 4, $0-8\nMOVQ flags+0(FP), DI\nORQ $1, DI\nCMPQ BX, $0\nJEQ l\nORQ $4, DI\nl:\nMOVL $56, AX\nSYSCALL\nRET\n")
	require.NoError(t, err)
	assert.Equal(t, Value{Kind: Param, Or: 1, May: 4}, f.Functions[0].Calls[0].Args[0])
}

// TestPreprocessor: macros, conditions, includes and comments.
func TestPreprocessor(t *testing.T) {
	f, err := read(t, "amd64", `
#include "go_asm.h"
#define NR 42 // not 43
#define MOVE(to, what) \
	MOVL $what, to; \
	NOP
#ifdef GOARCH_amd64
TEXT ·f(SB), 4, $0 /* SYSCALL
SYSCALL */
	MOVE(AX, NR)
	SYSCALL
	RET
#else
TEXT ·never(SB), 4, $0
#endif
DATA table<>+0(SB)/8, $·h(SB)
`)
	require.NoError(t, err)
	require.Len(t, f.Functions, 1)
	require.Len(t, f.Functions[0].Calls, 1)
	assert.Equal(t, Value{Kind: Const, N: 42}, f.Functions[0].Calls[0].Number)
	require.Len(t, f.Named, 1)
	assert.Equal(t, "example.com/p.h", f.Named[0].Symbol)
}

// TestReferences: names in a function, with what is on the stack when one is called.
func TestReferences(t *testing.T) {
	f, err := read(t, "arm64", "TEXT ·f(SB), 4, $24-8\nMOVD $9, R1\nMOVD R1, 8(RSP)\nCALL example·com∕q·g(SB)\nJMP runtime·h<ABIInternal>(SB)\n")
	require.NoError(t, err)
	refs := f.Functions[0].Refs
	require.Len(t, refs, 2)
	assert.Equal(t, "example.com/q.g", refs[0].Symbol)
	assert.Equal(t, Value{Kind: Const, N: 9}, refs[0].Args[0])
	assert.Equal(t, "runtime.h", refs[1].Symbol)
	assert.True(t, refs[1].Jump)
	assert.False(t, refs[1].Inside)

	f, err = read(t, "amd64", "TEXT ·f(SB), 4, $0\nJMP ·g+8(SB)\n")
	require.NoError(t, err)
	assert.True(t, f.Functions[0].Refs[0].Inside)
}

// TestCode: system calls that are written as machine code, and machine code that is none.
func TestCode(t *testing.T) {
	for _, row := range []struct {
		goarch, body string
		want         int
	}{
		{"amd64", "BYTE $0x0f; BYTE $0x05", 1}, {"amd64", "WORD $0x050f", 1}, {"amd64", "LONG $0x80cd9090", 1}, {"amd64", "BYTE $0x0f; BYTE $0x0b", 0},
		{"arm64", "WORD $0xd4000001", 1}, {"arm64", "WORD $0xd503201f", 0}, {"amd64", "BYTE $WHO", 1},
	} {
		f, err := read(t, row.goarch, "TEXT ·f(SB), 4, $0\n"+row.body+"\nRET\n")
		require.NoError(t, err, row.body)
		assert.Len(t, f.Functions[0].Raw, row.want, row.body)
	}
}

// TestBroken: what is no assembly is an error with its place.
func TestBroken(t *testing.T) {
	for text, want := range map[string]string{
		"#include \"nowhere.h\"\n": "x.s:1: #include \"nowhere.h\": no such file",
		"\n#if 1\n":                "x.s:2: directive #if is unknown",
		"#endif\n":                 "#endif without #ifdef",
		"#define A A\nA\n":         "x.s:2: a macro stands for itself",
		"#define A(b) b\nA(\n":     "wants 1 arguments",
	} {
		_, err := read(t, "amd64", text)
		require.ErrorContains(t, err, want, text)
	}
	_, err := read(t, "vax", "")
	require.ErrorContains(t, err, "the assembler of vax is not understood")
}

// FuzzRead: no text makes the reader panic or hang.
func FuzzRead(f *testing.F) {
	for _, text := range []string{"TEXT ·f(SB), 4, $0\nSYSCALL\n", "#define A(b) b\nA(x)\n", "TEXT\nDATA\n:\nl:\n", "JMP -1(PC)\n", "TEXT a(SB)\nJMP -9(PC)\nJMP 9(PC)\nSYSCALL"} {
		f.Add(text)
	}
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, text string) {
		name := filepath.Join(dir, "x.s")
		require.NoError(t, os.WriteFile(name, []byte(text), 0o666))
		for _, goarch := range []string{"amd64", "arm64", "s390x"} {
			_, _ = Read(Config{GOARCH: goarch, Package: "p", Includes: []string{"/nowhere"}}, []string{name})
		}
	})
}
