// SPDX-License-Identifier: Apache-2.0

package assembler

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	xbpf "golang.org/x/net/bpf"

	"github.com/gosieve/sieve/bpf"
	"github.com/gosieve/sieve/internal/test/rig"
)

// TestParse has every form of every instruction of bpf_asm that seccomp takes.
func TestParse(t *testing.T) {
	tests := map[string]bpf.Program{
		"ld [4]":                        {{Op: bpf.OpLdAbs, K: 4}},
		"LD #0x10":                      {{Op: bpf.OpLdImm, K: 16}},
		"ldi #010\nldi 0b11":            {{Op: bpf.OpLdImm, K: 8}, {Op: bpf.OpLdImm, K: 3}},
		"ldxi #-1\nldxi 7":              {{Op: bpf.OpLdxImm, K: 1<<32 - 1}, {Op: bpf.OpLdxImm, K: 7}},
		"ld #len\nld len\nldx #LEN":     {{Op: bpf.OpLdLen}, {Op: bpf.OpLdLen}, {Op: bpf.OpLdxLen}},
		"st M[3]\nld M[3]\nldx M [ 3 ]": {{Op: bpf.OpSt, K: 3}, {Op: bpf.OpLdMem, K: 3}, {Op: bpf.OpLdxMem, K: 3}},
		"stx m[0]\nldx #1":              {{Op: bpf.OpStx}, {Op: bpf.OpLdxImm, K: 1}},
		"add x\nadd %x\nadd #1":         {{Op: bpf.OpAddX}, {Op: bpf.OpAddX}, {Op: bpf.OpAddK, K: 1}},
		"sub x mul x div x and x or x xor x lsh x rsh x": {{Op: bpf.OpSubX}, {Op: bpf.OpMulX}, {Op: bpf.OpDivX}, {Op: bpf.OpAndX},
			{Op: bpf.OpOrX}, {Op: bpf.OpXorX}, {Op: bpf.OpLshX}, {Op: bpf.OpRshX}},
		"sub #1 mul #2 div #3 and #4 or #5 xor #6 lsh #7 rsh #8": {{Op: bpf.OpSubK, K: 1}, {Op: bpf.OpMulK, K: 2}, {Op: bpf.OpDivK, K: 3}, {Op: bpf.OpAndK, K: 4},
			{Op: bpf.OpOrK, K: 5}, {Op: bpf.OpXorK, K: 6}, {Op: bpf.OpLshK, K: 7}, {Op: bpf.OpRshK, K: 8}},
		"neg tax txa":                              {{Op: bpf.OpNeg}, {Op: bpf.OpTax}, {Op: bpf.OpTxa}},
		"ret a ret %a":                             {{Op: bpf.OpRetA}, {Op: bpf.OpRetA}},
		"ja to\nret #1\nto: ret #2":                {{Op: bpf.OpJa, K: 1}, {Op: bpf.OpRetK, K: 1}, {Op: bpf.OpRetK, K: 2}},
		"jmp to to: ret #2":                        {{Op: bpf.OpJa}, {Op: bpf.OpRetK, K: 2}},
		"jeq #1, yes, no\nyes: ret #1\nno: ret #2": {{Op: bpf.OpJeqK, K: 1, Jf: 1}, {Op: bpf.OpRetK, K: 1}, {Op: bpf.OpRetK, K: 2}},
		"jgt #1, no\nret #1\nno: ret #2":           {{Op: bpf.OpJgtK, K: 1, Jt: 1}, {Op: bpf.OpRetK, K: 1}, {Op: bpf.OpRetK, K: 2}},
		"jne #1, no\nret #1\nno: ret #2":           {{Op: bpf.OpJeqK, K: 1, Jf: 1}, {Op: bpf.OpRetK, K: 1}, {Op: bpf.OpRetK, K: 2}},
		"jneq %x,no ret #1 no: ret #2":             {{Op: bpf.OpJeqX, Jf: 1}, {Op: bpf.OpRetK, K: 1}, {Op: bpf.OpRetK, K: 2}},
		"jlt #1,no ret #1 no: ret #2":              {{Op: bpf.OpJgeK, K: 1, Jf: 1}, {Op: bpf.OpRetK, K: 1}, {Op: bpf.OpRetK, K: 2}},
		"jle x,no ret #1 no: ret #2":               {{Op: bpf.OpJgtX, Jf: 1}, {Op: bpf.OpRetK, K: 1}, {Op: bpf.OpRetK, K: 2}},
		"jset x,no,no jge x,no no:":                {{Op: bpf.OpJsetX, Jt: 1, Jf: 1}, {Op: bpf.OpJgeX}},
		"# a line\n/* and\none */ neg ; ret\n#":    {{Op: bpf.OpNeg}},
		"_a: neg\n":                                {{Op: bpf.OpNeg}},
		"0: ld   [4]\n1: ret #1":                   {{Op: bpf.OpLdAbs, K: 4}, {Op: bpf.OpRetK, K: 1}},
		"ld #pktlen":                               {{Op: bpf.OpLdLen}},
	}
	for text, want := range tests {
		t.Run(text, func(t *testing.T) {
			p, err := Parse(text + "\nret #0")
			require.NoError(t, err)
			assert.Equal(t, append(want, xbpf.RawInstruction{Op: bpf.OpRetK}), p)
		})
	}
}

func TestParseErrors(t *testing.T) {
	tests := map[string]struct{ text, want string }{
		"nothing":             {" ; nothing", "no instructions, want 1 to 4096"},
		"an unknown name":     {"ret #0\n  foo #1", `line 2, column 3: unknown instruction "foo"`},
		"bytes":               {"ldb [0]", "line 1, column 1: ldb: seccomp filters load words, with ld"},
		"a remainder":         {"mod #3", "line 1, column 1: mod: seccomp filters have no remainder"},
		"a packet":            {"ld #proto", "line 1, column 5: #proto: seccomp filters have no packet"},
		"indirect":            {"ld [x + 4]", `line 1, column 5: "x", want a number`},
		"no operand":          {"ld", "line 1, column 3: ld does not take the end"},
		"another operand":     {"ret M[1]", "line 1, column 1: ret does not take a cell of the memory"},
		"ret x":               {"ret x", "line 1, column 1: ret does not take x"},
		"33 bits":             {"ld #4294967296", `line 1, column 5: "4294967296", want a number of at most 32 bits`},
		"too small":           {"ld #-2147483649", `line 1, column 5: "-2147483649", want a number of at most 32 bits`},
		"digits of another":   {"ld #019", `line 1, column 5: "019", want a number of at most 32 bits`},
		"letters in a number": {"ld #12ab", `line 1, column 5: "12ab", want a number of at most 32 bits`},
		"no label":            {"jeq #1, here\nret #0", `line 1, column 9: no label "here"`},
		"two labels":          {"ja aa\naa: neg\naa: ret #0", `line 3, column 1: a second label "aa"`},
		"a label before":      {"aa: neg\nja aa\nret #0", `line 2, column 4: "aa" is instruction 0, and the jump instruction 1: want a label behind the jump`},
		"too far":             {"jeq #1, to\n" + strings.Repeat("neg\n", 256) + "to: ret #0", `line 1, column 9: "to" is 256 instructions away, want at most 255`},
		"a label of a letter": {"b: ret #0", `line 1, column 1: "b" is no name for a label: want two letters at least, and no instruction`},
		"a label by a name":   {"neg: ret #0", `line 1, column 1: "neg" is no name for a label: want two letters at least, and no instruction`},
		"a label at the end":  {"ret #0\nto:", "line 2, column 4: a label without an instruction"},
		"no comma":            {"jeq #1 to\nto: ret #0", `line 1, column 8: "to", want ","`},
		"no second label":     {"jeq #1, to,\n to: ret #0", `line 2, column 4: unknown instruction ":"`},
		"a bad character":     {"ret #0\n\u00e9", "line 2, column 1: \"\u00e9\", want an instruction"},
		"an open comment":     {"ret #0\n /* so", "line 2, column 2: a comment without end, want */"},
		"an open bracket":     {"ld [4\nret #0", `line 2, column 1: "ret", want "]"`},
		"too many":            {strings.Repeat("neg\n", 4097), "line 4097, column 1: want at most 4096 instructions"},
		"no return":           {"  ld [4]", "line 1, column 3: instruction 0 (ld   [4]): the last instruction, want a return"},
		"a bad offset":        {"ret #0\nld [3]\nret #0", "line 2, column 1: instruction 1 (ld   [3]): offset 3, want a multiple of 4 below 64"},
		"in a listing":        {"0: ld [4]\n1: jeq #1 jt 1 jf 2", "line 2, column 14: target 1, want 2 to 257"},
		"refused in it":       {"\n 0: ld [4]\n 1:  st M[77]\n2: ret #0", "line 3, column 6: instruction 1 (st   M[77]): scratch cell 77, want 0 to 15"},
		"a jump out of it":    {"ret #0\n.raw 0x5 0 0 7\nret #0", "line 2, column 1: instruction 1 (ja   9): jump beyond the last instruction, 2"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			p, err := Parse(tt.text)
			require.Error(t, err)
			assert.Nil(t, p)
			assert.Equal(t, tt.want, err.Error())
			var place *Error
			assert.True(t, errors.As(err, &place))
		})
	}
}

// TestLongest jumps over as many instructions as there can be.
func TestLongest(t *testing.T) {
	p, err := Parse("ja end\n" + strings.Repeat("neg\n", 4094) + "end: ret #0")
	require.NoError(t, err)
	assert.Equal(t, uint32(4094), p[0].K)
}

// TestRoundTrip writes random programs in both forms and reads them back.
func TestRoundTrip(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	for n := range 3000 {
		check(t, rig.RandomProgram(r, 2+r.IntN(200), n%2 == 0))
	}
	check(t, rig.RandomProgram(r, bpf.MaxInstructions, false))
}

// check reads back what is written of a program.
func check(t testing.TB, p bpf.Program) {
	t.Helper()
	require.NoError(t, p.Check())
	comment := func(pc int) string { return []string{"", "a */ ; comment\n", "0: ld [4] jt"}[pc%3] }
	kernel, err := Kernel(p, comment)
	if err != nil {
		require.ErrorContains(t, err, "has something in a field that the kernel ignores")
	}
	for _, text := range []string{p.String(), string(p.AppendText(nil, comment)), kernel} {
		if text == "" {
			continue
		}
		q, err := Parse(text)
		require.NoError(t, err, "%s", text)
		require.Equal(t, p, q, "%s", text)
	}
}

// TestKernel has what the form cannot say.
func TestKernel(t *testing.T) {
	for want, p := range map[string]bpf.Program{
		"instruction 0 has opcode 0x28, which seccomp does not take":                               {{Op: 0x28}},
		"instruction 1 has something in a field that the kernel ignores, which bpf_asm cannot say": {{Op: bpf.OpNeg}, {Op: bpf.OpRetK, Jt: 1}},
		"instruction 0 jumps behind the last":                                                      {{Op: bpf.OpJa, K: 1<<32 - 1}},
	} {
		text, err := Kernel(p, nil)
		assert.Empty(t, text)
		assert.EqualError(t, err, want)
	}
	for _, bad := range []xbpf.RawInstruction{{Op: bpf.OpNeg, K: 1}, {Op: bpf.OpAddX, K: 1}, {Op: bpf.OpJeqX, K: 1}, {Op: bpf.OpJa, Jf: 1}, {Op: bpf.OpLdLen, K: 1}} {
		_, err := Kernel(bpf.Program{bad, {Op: bpf.OpRetK}}, nil)
		assert.Error(t, err, "%v", bad)
	}
}

// FuzzParse reads any text. What is read is written and read again.
func FuzzParse(f *testing.F) {
	for _, text := range []string{"ld [4]\njeq #0xc000003e, aa, bb\naa: ret #0\nbb: ret #0x7fff0000", "0: ld [4]\n1: ret #1", "jne x,no /* */ ret a no: ret #2", "ldi 5 ; x\n#y\nret %a"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		p, err := Parse(text)
		if err == nil {
			check(t, p)
			return
		}
		var place *Error
		if !errors.As(err, &place) || place.Line > strings.Count(text, "\n")+1 {
			t.Fatalf("%q: %v", text, err)
		}
	})
}

// TestBPFAsm gives what Kernel writes to the kernel's own assembler, and reads texts as it does.
// The program is bpf_asm in PATH, or what SIEVE_BPF_ASM names.
func TestBPFAsm(t *testing.T) {
	tool, err := exec.LookPath("bpf_asm")
	if name := os.Getenv("SIEVE_BPF_ASM"); name != "" {
		tool, err = name, nil
	}
	if err != nil {
		t.Skipf("bpf_asm (tools/bpf in the kernel's source) is not here: %v", err)
	}
	assemble := func(text string) string {
		file := filepath.Join(t.TempDir(), "text")
		require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
		out, err := exec.CommandContext(t.Context(), tool, file).CombinedOutput()
		require.NoError(t, err, "%s", out)
		return strings.TrimSpace(string(out))
	}
	r := rand.New(rand.NewPCG(9, 10))
	texts := []string{
		"ld [4]\njeq #0xc000003e, good, bad\nbad: ret #0\ngood: ret #0x7fff0000",
		"ldi #010\nldxi 0b11\nld len\nldx #len\nst M[3]\nldx M[3]\njne #1, no\njlt #-1, no\njle x, no\njset %x, no, no\nno: ret a",
		"; a comment\n# another\n/* one\nmore */ neg tax txa\nJMP to\nto: RET #5",
	}
	for n := range 200 {
		p := rig.RandomProgram(r, 2+r.IntN(100), n%2 == 0)
		text, err := Kernel(p, func(pc int) string { return []string{"", "call: read..lseek (0-8)", "x32; \"no\""}[pc%3] })
		if err == nil {
			texts = append(texts, text)
		}
	}
	require.Greater(t, len(texts), 50)
	for _, text := range texts {
		p, err := Parse(text)
		require.NoError(t, err, "%s", text)
		want := []string{fmt.Sprint(len(p))}
		for _, i := range p {
			want = append(want, fmt.Sprintf("%d %d %d %d", i.Op, i.Jt, i.Jf, i.K))
		}
		require.Equal(t, strings.Join(want, ",")+",", assemble(text), "%s", text)
	}
	require.True(t, slices.ContainsFunc(texts, func(text string) bool { return strings.Contains(text, "M[") }))
}
