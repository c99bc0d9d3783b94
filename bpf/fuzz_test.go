// SPDX-License-Identifier: Apache-2.0

package bpf

import (
	"encoding/binary"
	"slices"
	"testing"

	xbpf "golang.org/x/net/bpf"
)

// FuzzRun holds Run to the machine of golang.org/x/net/bpf.
func FuzzRun(f *testing.F) {
	for _, text := range meaningful {
		d := Data{0: 59, 1: 0xc000003e, 4: 7}
		f.Add(mustParse(f, text).AppendBinary(nil, binary.LittleEndian), dataBytes(&d))
	}
	f.Fuzz(func(t *testing.T, code, data []byte) {
		if p, err := Decode(code[:len(code)&^7], binary.LittleEndian); err == nil {
			checkRun(t, p, bytesData(data))
			checkRun(t, mended(p), bytesData(data))
		}
	})
}

// TestRunRandom is FuzzRun on programs that are drawn.
func TestRunRandom(t *testing.T) {
	r := newRand(3)
	compared := 0
	for range 5000 {
		p := drawProgram(r, 1+r.IntN(80))
		for range 4 {
			if checkRun(t, p, drawData(r, p)) {
				compared++
			}
		}
		broken(p, newRand(r.Uint64()))
		checkRun(t, p, drawData(r, p))
	}
	if compared < 12_000 {
		t.Errorf("%d runs compared, want 12000 at least", compared)
	}
}

// checkRun runs p twice in two ways and says whether the other machine ran it
// too: that is so for every program that Check accepts unless it shifts by 32 or
// more.
func checkRun(t testing.TB, p Program, d *Data) (compared bool) {
	t.Helper()
	got := p.Run(d)
	last := -1
	traced := p.Trace(d, func(pc int) {
		if pc <= last || pc >= len(p) {
			t.Fatalf("%v%x: instruction %d after %d", p, d, pc, last)
		}
		last = pc
	})
	if traced != got {
		t.Fatalf("%v%x: Run answers %#x, Trace %#x", p, d, got, traced)
	}
	if p.Check() != nil || shiftsFar(p, d) {
		return false
	}
	vm, err := xbpf.NewVM(translated(p))
	if err != nil {
		t.Fatalf("%v: Check accepts it, x/net/bpf does not: %v", p, err)
	}
	want, err := vm.Run(dataBytes(d))
	if err != nil {
		t.Fatalf("%v: %v", p, err)
	}
	if got != uint32(want) {
		t.Fatalf("%v%x: got %#x, want %#x", p, d, got, uint32(want))
	}
	return true
}

// translated is p for x/net/bpf. That machine lacks two instructions; others that
// do the same stand for them.
func translated(p Program) []xbpf.Instruction {
	var instructions []xbpf.Instruction
	for _, i := range p {
		switch i.Op {
		case OpNeg:
			i = xbpf.RawInstruction{Op: OpMulK, K: 0xffffffff}
		case OpLdxLen:
			i = xbpf.RawInstruction{Op: OpLdxImm, K: dataSize}
		}
		instructions = append(instructions, i.Disassemble())
	}
	return instructions
}

// shiftsFar says whether p shifts by a register that holds 32 or more, on which
// machines differ. It asks p itself: cut off at the shift, it answers the register.
func shiftsFar(p Program, d *Data) bool {
	far := false
	p.Trace(d, func(pc int) {
		if p[pc].Op == OpLshX || p[pc].Op == OpRshX {
			q := append(p[:pc:pc], xbpf.RawInstruction{Op: OpTxa}, xbpf.RawInstruction{Op: OpRetA})
			far = far || q.Run(d) >= 32
		}
	})
	return far
}

// dataBytes is d as the machine of x/net/bpf reads it: in network order.
func dataBytes(d *Data) []byte {
	var b []byte
	for _, w := range d {
		b = binary.BigEndian.AppendUint32(b, w)
	}
	return b
}

// bytesData is dataBytes the other way, for bytes of any number.
func bytesData(b []byte) *Data {
	var padded [dataSize]byte
	copy(padded[:], b)
	d := new(Data)
	for i := range d {
		d[i] = binary.BigEndian.Uint32(padded[4*i:])
	}
	return d
}

// FuzzText reads any text and any bytes, and what was read again from text and
// bytes.
func FuzzText(f *testing.F) {
	for _, text := range meaningful {
		f.Add(text, mustParse(f, text).AppendBinary(nil, binary.BigEndian))
	}
	f.Add("0: .raw 0x6 1 0 0x0 ; comment", []byte{0, 0xb1, 0, 0, 0, 0, 0, 14})
	f.Fuzz(func(t *testing.T, text string, code []byte) {
		if p, err := Parse(text); err == nil {
			checkText(t, p)
		}
		if p, err := Decode(code, binary.BigEndian); err == nil {
			checkText(t, p)
		}
	})
}

// TestTextRandom is FuzzText on programs and texts that are drawn.
func TestTextRandom(t *testing.T) {
	r := newRand(4)
	words := []string{"0:", "1:", "ld", "jeq", "x", "#1", "#pktlen", "[4]", "M[2]", "jt", "jf", "1", "2", "300", ".raw", "\n", ";", "ret", "a", "tax", "0x"}
	parsed := 0
	for range 5000 {
		p := drawProgram(r, 1+r.IntN(80))
		checkText(t, p)
		broken(p, r)
		checkText(t, p)
		text := ""
		for range r.IntN(8) {
			text += words[r.IntN(len(words))] + " "
		}
		if q, err := Parse(text); err == nil {
			checkText(t, q)
			parsed++
		}
	}
	if parsed < 50 {
		t.Errorf("%d texts parsed, want 50 at least", parsed)
	}
}

// checkText reads back what is written of p.
func checkText(t testing.TB, p Program) {
	t.Helper()
	text := p.AppendText(nil, func(pc int) string { return []string{"", "; x\n\r\n", "1: ret"}[pc%3] })
	for _, text := range []string{p.String(), string(text)} {
		q, err := Parse(text)
		if err != nil || !slices.Equal(p, q) {
			t.Fatalf("%x\n%s\nread back: %x, %v", p.AppendBinary(nil, binary.BigEndian), text, q.AppendBinary(nil, binary.BigEndian), err)
		}
	}
	for _, order := range []binary.ByteOrder{binary.BigEndian, binary.LittleEndian} {
		q, err := Decode(p.AppendBinary(nil, order), order)
		if err != nil || !slices.Equal(p, q) {
			t.Fatalf("%v: got %v, %v", p, q, err)
		}
	}
}
