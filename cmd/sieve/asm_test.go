// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/base64"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/internal/test/shared"
)

// TestAsm reads both forms of text back to the same bytes, from other people's profiles for
// several machines.
func TestAsm(t *testing.T) {
	files := slices.Concat(shared.Glob(t, "data/profiles/*/*.json"), shared.Glob(t, "data/profiles/minijail/*.policy"), []string{"docker"})
	filters := 0
	for _, arch := range []string{"amd64", "arm64", "s390x"} {
		for n, file := range files {
			if !shared.Long() && file != "docker" && n%4 != 0 {
				continue
			}
			compile := func(format string) result {
				return call(t, "", "compile", "--profile", file, "--arch", arch, "--no-prove", "--format", format)
			}
			raw := compile("raw")
			if raw.status != 0 {
				continue
			}
			filters++
			for _, format := range []string{"asm", "bpf_asm"} {
				back := call(t, compile(format).stdout, "asm", "--arch", arch, "-")
				require.Equal(t, result{stdout: raw.stdout}, back, "%s of %s for %s", format, file, arch)
			}
			require.Equal(t, compile("asm").stdout, call(t, raw.stdout, "disasm", "-").stdout)
		}
	}
	assert.Greater(t, filters, 20, "hardly any of the files is a profile")
}

// TestAsmFormats has a text become everything that compile writes.
func TestAsmFormats(t *testing.T) {
	const text = "ld [4]\njeq #0xc000003e, good\nret #0\ngood: ret #0x7fff0000\n"
	raw := "\x20\x00\x00\x00\x04\x00\x00\x00\x15\x00\x01\x00\x3e\x00\x00\xc0\x06\x00\x00\x00\x00\x00\x00\x00\x06\x00\x00\x00\x00\x00\xff\x7f"
	tests := map[string]string{
		"raw": raw,
		"asm": "0: ld   [4]                              ; arch\n" +
			"1: jeq  #0xc000003e  jt 3  jf 2          ; x86_64, x32\n" +
			"2: ret  #0x0                             ; KILL_THREAD\n" +
			"3: ret  #0x7fff0000                      ; ALLOW\n",
		"bpf_asm": "    ld   [4]                           ; arch\n" +
			"    jeq  #0xc000003e, L3, L2           ; x86_64, x32\n" +
			"L2: ret  #0x0                          ; KILL_THREAD\n" +
			"L3: ret  #0x7fff0000                   ; ALLOW\n",
		"crun": "run.oci.seccomp_bpf_data=" + base64.StdEncoding.EncodeToString([]byte(raw)) + "\n",
		"json": "[{\"code\":32,\"jt\":0,\"jf\":0,\"k\":4},\n {\"code\":21,\"jt\":1,\"jf\":0,\"k\":3221225534},\n {\"code\":6,\"jt\":0,\"jf\":0,\"k\":0},\n {\"code\":6,\"jt\":0,\"jf\":0,\"k\":2147418112}]\n",
	}
	for format, want := range tests {
		t.Run(format, func(t *testing.T) {
			assert.Equal(t, result{stdout: want}, call(t, text, "asm", "--arch", "amd64", "--format", format, "-"))
			assert.Equal(t, result{stdout: want}, call(t, raw, "disasm", "--arch", "amd64", "--format", format, "-"))
		})
	}
	assert.Contains(t, call(t, text, "asm", "--format", "c", "-").stdout, "{ 0x15,   1,   0, 0xc000003e }, /* 1: jeq")
	assert.Contains(t, call(t, text, "asm", "--format", "dot", "-").stdout, "digraph filter {")
	big := call(t, text, "asm", "--arch", "s390x", "-").stdout
	assert.Equal(t, "\x00\x20\x00\x00\x00\x00\x00\x04", big[:8])
}

func TestAsmErrors(t *testing.T) {
	tests := map[string]struct {
		text string
		args []string
		want string
	}{
		"a mistake":    {"ld [4]\n  jeq #1 to\n", []string{"-"}, "sieve: <stdin>:2:10: \"to\", want \",\"\n    2 |   jeq #1 to\n      |          ^\n"},
		"in a listing": {"0: ld [4]\n1: ret b\n", []string{"-"}, "sieve: <stdin>:2:8: \"ret\" does not take \"b\"\n    2 | 1: ret b\n      |        ^\n"},
		"refused":      {"ld [4]\nld [6]\nret a", []string{"-"}, "sieve: <stdin>:2:1: instruction 1 (ld   [6]): offset 6, want a multiple of 4 below 64\n    2 | ld [6]\n      | ^\n"},
		"nothing":      {"", []string{"-"}, "sieve: <stdin>: no instructions, want 1 to 4096\n"},
		"a filter":     {"\x06\x00\x00\x00\x00\x00\xff\x7f", []string{"-"}, "sieve: <stdin>: a raw filter of 1 instruction, want assembler text: \"sieve disasm <stdin>\" shows it, \"sieve decompile <stdin>\" finds its profile\n"},
		"no file":      {"", nil, "sieve: asm: want one FILE, or - for standard input\n"},
		"two files":    {"", []string{"a", "b"}, "sieve: asm: want one FILE, or - for standard input\n"},
		"no format":    {"ret a", []string{"--format", "elf", "-"}, "sieve: --format: unknown format \"elf\", want raw, asm, bpf_asm, c, json, crun or dot\n"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got := call(t, tt.text, append([]string{"asm"}, tt.args...)...)
			assert.Equal(t, result{status: 2, stderr: tt.want}, got)
		})
	}
	odd := "\x20\x00\x00\x05\x04\x00\x00\x00\x06\x00\x00\x00\x00\x00\xff\x7f" // a load with something in jf
	got := call(t, odd, "disasm", "--format", "bpf_asm", "-")
	assert.Equal(t, 1, got.status)
	assert.Contains(t, got.stderr, "which bpf_asm cannot say")
	assert.True(t, strings.HasPrefix(call(t, odd, "disasm", "-").stdout, "0: .raw 0x20 0 5 0x4"))
}
