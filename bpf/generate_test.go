// SPDX-License-Identifier: Apache-2.0

package bpf

import (
	"math/rand/v2"
	"slices"
	"testing"

	xbpf "golang.org/x/net/bpf"
)

// acceptedCodes are the 41 opcodes that the kernel was measured to accept. They are
// written out so that they do not come from the table that is tested.
var acceptedCodes = []uint16{
	0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x0c, 0x14, 0x15, 0x16, 0x1c, 0x1d,
	0x20, 0x24, 0x25, 0x2c, 0x2d, 0x34, 0x35, 0x3c, 0x3d, 0x44, 0x45, 0x4c, 0x4d, 0x54, 0x5c,
	0x60, 0x61, 0x64, 0x6c, 0x74, 0x7c, 0x80, 0x81, 0x84, 0x87, 0xa4, 0xac,
}

// mended makes any program one that the kernel accepts, and changes one that it
// accepts as little as it can. Reads of scratch cells stay where the cell is written
// before the first jump or return; others become writes.
func mended(p Program) Program {
	p = slices.Clone(p)
	written, straight := [memWords]bool{}, true
	for pc := range p {
		i := &p[pc]
		if !slices.Contains(acceptedCodes, i.Op) {
			i.Op = acceptedCodes[int(i.Op)%len(acceptedCodes)]
		}
		behind := uint32(len(p) - pc - 1) // instructions that a jump can lead to
		if behind == 0 && i.Op != OpRetA {
			i.Op = OpRetK
		}
		if (i.Op == OpLdMem || i.Op == OpLdxMem) && !written[i.K%memWords] {
			i.Op -= OpLdMem - OpSt // ld to st, ldx to stx
		}
		switch i.Op {
		case OpSt, OpStx, OpLdMem, OpLdxMem:
			i.K %= memWords
			written[i.K] = written[i.K] || straight
		case OpLdAbs:
			i.K = i.K / 4 * 4 % dataSize
		case OpDivK:
			i.K = max(i.K, 1)
		case OpLshK, OpRshK:
			i.K %= 32
		case OpJa:
			i.K %= behind
			straight = false
		case OpJeqK, OpJeqX, OpJgtK, OpJgtX, OpJgeK, OpJgeX, OpJsetK, OpJsetX:
			i.Jt, i.Jf = uint8(uint32(i.Jt)%behind), uint8(uint32(i.Jf)%behind)
			straight = false
		case OpRetK, OpRetA:
			straight = false
		}
	}
	return p
}

// drawProgram draws n instructions that the kernel accepts. It seldom returns
// early and jumps a little way, so that much of it is executed.
func drawProgram(r *rand.Rand, n int) Program {
	p := make(Program, n)
	for pc := range p {
		i := &p[pc]
		i.Op = acceptedCodes[r.IntN(len(acceptedCodes))]
		for (i.Op == OpRetA || i.Op == OpRetK || i.Op == OpDivX) && r.IntN(8) > 0 {
			i.Op = acceptedCodes[r.IntN(len(acceptedCodes))]
		}
		i.Jt, i.Jf = drawSkip(r), drawSkip(r)
		i.K = drawNumber(r)
		if s := shapeOf(i.Op); r.IntN(8) > 0 { // most often nothing in fields that are not used
			if !s.branch {
				i.Jt, i.Jf = 0, 0
			}
			if !s.usesK() {
				i.K = 0
			}
		}
		switch i.Op {
		case OpSt, OpStx, OpLdMem, OpLdxMem:
			i.K = r.Uint32N(4)
		case OpLdAbs:
			i.K = 4 * r.Uint32N(16)
		case OpJa:
			i.K = r.Uint32N(3)
		case OpLshK, OpRshK:
			i.K = r.Uint32N(32)
		}
	}
	for pc := 0; pc+2 < n && pc < 8; pc += 2 { // so that reads of scratch cells stay
		p[pc] = xbpf.RawInstruction{Op: OpLdAbs, K: 4 * r.Uint32N(16)}
		p[pc+1] = xbpf.RawInstruction{Op: OpSt, K: uint32(pc / 2)}
	}
	return mended(p)
}

func drawSkip(r *rand.Rand) uint8 {
	if r.IntN(20) == 0 {
		return uint8(r.Uint32())
	}
	return uint8(r.Uint32N(4))
}

// drawNumber draws from the numbers that matter more often than chance does.
func drawNumber(r *rand.Rand) uint32 {
	switch r.IntN(4) {
	case 0:
		return r.Uint32()
	case 1:
		return 1<<r.Uint32N(32) - r.Uint32N(2)
	case 2:
		return -r.Uint32N(3)
	default:
		return r.Uint32N(40)
	}
}

// drawData draws data whose words are often near a constant of the program.
func drawData(r *rand.Rand, p Program) *Data {
	d := new(Data)
	for w := range d {
		d[w] = drawNumber(r)
		if r.IntN(2) == 0 {
			d[w] = p[r.IntN(len(p))].K + r.Uint32N(3) - 1
		}
	}
	return d
}

// mustParse reads a program that a test is about.
func mustParse(t testing.TB, text string) Program {
	t.Helper()
	p, err := Parse(text)
	if err != nil {
		t.Fatalf("%s\n%v", text, err)
	}
	return p
}

// meaningful are programs as filters have them, to begin searches with.
var meaningful = map[string]string{
	"allow everything": "ret #0x7fff0000",
	"an allow-list": `
		ld [4]
		jeq #0xc000003e jt 2 jf 8
		ld [0]
		jge #0x40000000 jt 8 jf 4
		jeq #0 jt 7 jf 5
		jgt #200 jt 6 jf 7
		jeq #231 jt 7 jf 8
		ret #0x7fff0000
		ret #0x50001`,
	"a masked argument": `
		ld [16]
		and #0x7e020000
		jeq #0 jt 3 jf 4
		ret #0x7fff0000
		ld [20]
		jset #0xffffffff jt 6 jf 7
		ret #0x5000c
		ret #0x80000000`,
	"a bit in a word": `
		ld [0]
		and #31
		tax
		ld #1
		lsh x
		jset #0x8a31 jt 6 jf 7
		ret #0x7fff0000
		ret #0`,
	"scratch memory and both registers": `
		ld [24]
		st M[0]
		ld [28]
		tax
		stx M[15]
		ld M[0]
		add x
		jgt x jt 10 jf 8
		ldx M[15]
		ja 11
		sub x
		xor #0xffffffff
		or x
		ret a`,
	"division by what may be zero": `
		ld [16]
		tax
		ldx #pktlen
		ld #pktlen
		div x
		mul #0x10001
		neg
		rsh #3
		txa
		ret a`,
}

// newRand gives the same numbers in each run.
func newRand(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 20)) }

// broken changes one to three fields of p to anything, most often to something near.
func broken(p Program, r *rand.Rand) {
	for range 1 + r.IntN(3) {
		i := &p[r.IntN(len(p))]
		switch r.IntN(5) {
		case 0:
			i.Op = acceptedCodes[r.IntN(len(acceptedCodes))]
		case 1:
			i.Op ^= 1 << r.IntN(16)
		case 2:
			i.K = drawNumber(r)
		case 3:
			i.K = uint32(len(p)) + r.Uint32N(4) - r.Uint32N(uint32(len(p))+3)
		default:
			i.Jt, i.Jf = drawSkip(r)*2, drawSkip(r)*2
		}
	}
}
