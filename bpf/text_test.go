// SPDX-License-Identifier: Apache-2.0

package bpf

import (
	"encoding/binary"
	"encoding/hex"
	"errors"
	"slices"
	"strings"
	"testing"

	xbpf "golang.org/x/net/bpf"
)

// TestText holds each kind of instruction to its text. All stand at index 10.
func TestText(t *testing.T) {
	tests := map[string]xbpf.RawInstruction{
		"ld   #0x2a":                     {Op: 0x00, K: 42},
		"ldx  #0x2a":                     {Op: 0x01, K: 42},
		"ld   [42]":                      {Op: 0x20, K: 42},
		"ld   M[7]":                      {Op: 0x60, K: 7},
		"ldx  M[4294967295]":             {Op: 0x61, K: 0xffffffff},
		"ld   #pktlen":                   {Op: 0x80},
		"ldx  #pktlen":                   {Op: 0x81},
		"st   M[7]":                      {Op: 0x02, K: 7},
		"stx  M[7]":                      {Op: 0x03, K: 7},
		"add  #0x0":                      {Op: 0x04},
		"add  x":                         {Op: 0x0c},
		"sub  #0x1":                      {Op: 0x14, K: 1},
		"sub  x":                         {Op: 0x1c},
		"mul  #0x1":                      {Op: 0x24, K: 1},
		"mul  x":                         {Op: 0x2c},
		"div  #0x1":                      {Op: 0x34, K: 1},
		"div  x":                         {Op: 0x3c},
		"or   #0x1":                      {Op: 0x44, K: 1},
		"or   x":                         {Op: 0x4c},
		"and  #0xffffffff":               {Op: 0x54, K: 0xffffffff},
		"and  x":                         {Op: 0x5c},
		"lsh  #0x1f":                     {Op: 0x64, K: 31},
		"lsh  x":                         {Op: 0x6c},
		"rsh  #0x1":                      {Op: 0x74, K: 1},
		"rsh  x":                         {Op: 0x7c},
		"xor  #0x1":                      {Op: 0xa4, K: 1},
		"xor  x":                         {Op: 0xac},
		"neg":                            {Op: 0x84},
		"tax":                            {Op: 0x07},
		"txa":                            {Op: 0x87},
		"ja   11":                        {Op: 0x05},
		"ja   4294967306":                {Op: 0x05, K: 0xffffffff},
		"jeq  #0x1  jt 11  jf 266":       {Op: 0x15, Jf: 255, K: 1},
		"jeq  x  jt 266  jf 11":          {Op: 0x1d, Jt: 255},
		"jgt  #0x1  jt 12  jf 13":        {Op: 0x25, Jt: 1, Jf: 2, K: 1},
		"jgt  x  jt 12  jf 13":           {Op: 0x2d, Jt: 1, Jf: 2},
		"jge  #0x1  jt 12  jf 13":        {Op: 0x35, Jt: 1, Jf: 2, K: 1},
		"jge  x  jt 12  jf 13":           {Op: 0x3d, Jt: 1, Jf: 2},
		"jset #0x1  jt 12  jf 13":        {Op: 0x45, Jt: 1, Jf: 2, K: 1},
		"jset x  jt 12  jf 13":           {Op: 0x4d, Jt: 1, Jf: 2},
		"ret  #0x7fff0000":               {Op: 0x06, K: 0x7fff0000},
		"ret  a":                         {Op: 0x16},
		".raw 0x28 0 0 0xc":              {Op: 0x28, K: 12},
		".raw 0xffff 255 255 0xffffffff": {Op: 0xffff, Jt: 255, Jf: 255, K: 0xffffffff},
		".raw 0x6 1 0 0x0":               {Op: 0x06, Jt: 1},
		".raw 0x5 0 1 0x0":               {Op: 0x05, Jf: 1},
		".raw 0x7 0 0 0x1":               {Op: 0x07, K: 1},
		".raw 0x1d 0 0 0x1":              {Op: 0x1d, K: 1},
	}
	seen := map[uint16]bool{}
	for want, i := range tests {
		t.Run(want, func(t *testing.T) {
			p := slices.Repeat(Program{{Op: OpRetK}}, 10)
			p = append(p, i)
			lines := strings.Split(p.String(), "\n")
			if got := lines[10]; got != "10: "+want {
				t.Errorf("got %q, want %q", got, "10: "+want)
			}
			if q := mustParse(t, p.String()); !slices.Equal(p, q) {
				t.Errorf("%s: got %+v, want %+v", want, q[10], i)
			}
		})
		seen[i.Op] = seen[i.Op] || want[0] != '.'
	}
	for _, code := range acceptedCodes {
		if !seen[code] {
			t.Errorf("no row for opcode %#x", code)
		}
	}
}

func TestAppendText(t *testing.T) {
	p := mustParse(t, `
		; a program
		ld [4]             ; the architecture
		1: jeq #0xC000003E jt 2 jf 3

		ret #2147418112; no space before
		3: ret	#0
	`)
	want := "" +
		"> 0: ld   [4]                              ; arch\n" +
		"1: jeq  #0xc000003e  jt 2  jf 3\n" +
		"2: ret  #0x7fff0000                      ; two lines\n" +
		"3: ret  #0x0\n"
	comments := map[int]string{0: "arch", 2: "two\nlines"}
	got := string(p.AppendText([]byte("> "), func(pc int) string { return comments[pc] }))
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if q := mustParse(t, got[2:]); !slices.Equal(p, q) {
		t.Errorf("read back: got %v, want %v", q, p)
	}
}

func TestParseErrors(t *testing.T) {
	tests := map[string]struct{ text, want string }{
		"nothing":                 {"", "no instructions, want 1 to 4096"},
		"only a comment":          {"; ld [0]\n\n", "no instructions, want 1 to 4096"},
		"an unknown name":         {"ret #0\nldh [0]", `line 2, column 1: unknown instruction "ldh"`},
		"another index":           {"ret #0\n\n2: ret #1", `line 3, column 1: index "2", want 1`},
		"an index without end":    {"0 ret #1", `line 1, column 1: unknown instruction "0"`},
		"an index alone":          {"0:", "line 1, column 1: index 0 without an instruction"},
		"no operand":              {"ld", `line 1, column 1: "ld" does not take ""`},
		"an operand of others":    {"ret x", `line 1, column 5: "ret" does not take "x"`},
		"an operand too many":     {"tax #1", `line 1, column 5: "tax" does not take "#1"`},
		"a constant without sign": {"ld 5", `line 1, column 4: "ld" does not take "5"`},
		"an open bracket":         {"ld [5", `line 1, column 4: "ld" does not take "[5"`},
		"33 bits":                 {"ld #0x100000000", `line 1, column 4: "0x100000000", want a number of at most 32 bits`},
		"a negative number":       {"ld #-1", `line 1, column 4: "-1", want a number of at most 32 bits`},
		"an octal number":         {"0: ld #010", `line 1, column 7: "010", want a number that does not begin with 0`},
		"an underscore":           {"ld #1_0", `line 1, column 4: "1_0", want a number of at most 32 bits`},
		"no target":               {"jeq #1", `line 1, column 5: "jeq" does not take "#1"`},
		"one target":              {"jeq #1 jt 1", `line 1, column 5: "jeq" does not take "#1 jt 1"`},
		"targets in other order":  {"jeq #1 jf 1 jt 1", `line 1, column 8: "jf 1 jt 1", want jt and a target, jf and a target`},
		"a target before":         {"ret #0\njeq #1 jt 1 jf 2", "line 2, column 11: target 1, want 2 to 257"},
		"a target too far":        {"jeq #1 jt 1 jf 257", "line 1, column 16: target 257, want 1 to 256"},
		"a target that is none":   {"jeq #1 jt yes jf no", `line 1, column 11: "yes", want a number of at most 64 bits`},
		"a jump too far":          {"ja 4294967297", "line 1, column 4: target 4294967297, want 1 to 4294967296"},
		"a jump to itself":        {"ja 0", "line 1, column 4: target 0, want 1 to 4294967296"},
		"three raw numbers":       {".raw 1 2 3", "line 1, column 1: .raw with 3 numbers, want 4: opcode, jt, jf, K"},
		"a raw number too large":  {".raw 1 256 3 4", `line 1, column 8: "256", want a number of at most 8 bits`},
		"too many":                {strings.Repeat("ret #0\n", 4097), "line 4097, column 1: program too long: want at most 4096 instructions"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			p, err := Parse(tt.text)
			if got := text(err); got != "invalid program: "+tt.want {
				t.Errorf("%.100q: got %s, want %s", tt.text, got, tt.want)
			}
			var at interface{ Place() (line, column int) }
			if errors.As(err, &at) != strings.Contains(tt.want, "line ") {
				t.Errorf("%.100q: %v has no place", tt.text, err)
			}
			if p != nil || !errors.Is(err, ErrInvalid) || errors.Is(err, ErrTooLong) != (name == "too many") {
				t.Errorf("%.100q: got %v, %v", tt.text, p, err)
			}
		})
	}
}

func TestParseNumbers(t *testing.T) {
	got := mustParse(t, "ld #10\nld #0x010\nld #4294967295")
	want := Program{{K: 10}, {K: 16}, {K: 0xffffffff}}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// TestBinary pairs a program with its bytes in both orders, written by hand from
// struct sock_filter.
func TestBinary(t *testing.T) {
	p := mustParse(t, "ld [4]\njeq #0xc000003e jt 2 jf 3\nret #0x7fff0000\n.raw 0x1234 5 6 7")
	tests := map[string]struct {
		order binary.ByteOrder
		want  string
	}{
		"little": {binary.LittleEndian, "2000000004000000" + "150000013e0000c0" + "060000000000ff7f" + "3412050607000000"},
		"big":    {binary.BigEndian, "0020000000000004" + "00150001c000003e" + "000600007fff0000" + "1234050600000007"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			b := p.AppendBinary([]byte{9}, tt.order)
			if got := hex.EncodeToString(b); got != "09"+tt.want {
				t.Errorf("got %s, want 09%s", got, tt.want)
			}
			q, err := Decode(b[1:], tt.order)
			if err != nil || !slices.Equal(p, q) {
				t.Errorf("got %v, %v, want %v", q, err, p)
			}
		})
	}
}

func TestDecodeErrors(t *testing.T) {
	tests := map[string]struct {
		size int
		want string
	}{
		"empty":    {0, "invalid program: 0 bytes, want a multiple of 8 from 8 to 32768"},
		"part":     {12, "invalid program: 12 bytes, want a multiple of 8 from 8 to 32768"},
		"too long": {8 * 4097, "invalid program: program too long: 4097 instructions, want 1 to 4096"},
		"longest":  {8 * 4096, ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := Decode(make([]byte, tt.size), binary.LittleEndian)
			if got := text(err); got != tt.want {
				t.Errorf("%d bytes: got %q, want %q", tt.size, got, tt.want)
			}
			if err != nil && (!errors.Is(err, ErrInvalid) || errors.Is(err, ErrTooLong) != (name == "too long")) {
				t.Errorf("%d bytes: %v wraps other sentinels", tt.size, err)
			}
		})
	}
}
