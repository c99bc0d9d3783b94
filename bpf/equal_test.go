// SPDX-License-Identifier: Apache-2.0

package bpf

import (
	"encoding/binary"
	"errors"
	"math/rand/v2"
	"testing"

	"github.com/gosieve/sieve/internal/symbolic"
	"github.com/gosieve/sieve/internal/test/shared"
	xbpf "golang.org/x/net/bpf"
)

// A small world to hold the prover to: programs that see two or three bits of
// each of four words, so that all inputs can be tried.

// worldWords are the words with the bits that a program of the world may see.
var worldWords = [...]struct {
	word int
	mask uint32
}{{0, 0x3}, {1, 0x80000001}, {5, 0x6}, {4, 0x41}}

// world is every input of the world.
func world() []Data {
	inputs := []Data{{}}
	for _, w := range worldWords {
		var more []Data
		for _, d := range inputs {
			for v := uint32(0); ; v = (v - w.mask) & w.mask {
				d[w.word] = v
				more = append(more, d)
				if v == w.mask {
					break
				}
			}
		}
		inputs = more
	}
	return inputs
}

// allCodes are the opcodes but loads of words and returns.
var allCodes = []uint16{
	OpLdImm, OpLdxImm, OpSt, OpStx, OpAddK, OpJa, OpTax, OpAddX, OpSubK, OpJeqK, OpSubX, OpJeqX,
	OpMulK, OpJgtK, OpMulX, OpJgtX, OpDivK, OpJgeK, OpDivX, OpJgeX, OpOrK, OpJsetK, OpOrX, OpJsetX, OpAndK,
	OpAndX, OpLdMem, OpLdxMem, OpLshK, OpLshX, OpRshK, OpRshX, OpLdLen, OpLdxLen, OpNeg, OpTxa, OpXorK, OpXorX,
}

// smallProgram is a random program of the world that Check accepts.
func smallProgram(r *rand.Rand) Program {
	for {
		p := Program{}
		for size := 2 + r.IntN(16); len(p) < size; {
			p = appendSmall(p, r)
		}
		for i := range p { // jumps that stay inside, and mostly near
			rest := min(len(p)-1-i, 1+r.IntN(6))
			p[i].Jt, p[i].Jf = uint8(r.IntN(rest+1)), uint8(r.IntN(rest+1))
			if p[i].Op == OpJa {
				p[i].K = uint32(r.IntN(rest + 1))
			}
		}
		p = append(p, xbpf.RawInstruction{Op: OpRetK, K: r.Uint32N(3)})
		if r.IntN(2) == 0 {
			p[len(p)-1].Op = OpRetA
		}
		if p.Check() == nil {
			return p
		}
	}
}

// appendSmall appends an instruction, or a load with the mask that belongs to it.
// A shift by X comes with a mask too: beyond 31 the kernel leaves it open.
func appendSmall(p Program, r *rand.Rand) Program {
	if r.IntN(4) == 0 {
		w := worldWords[r.IntN(len(worldWords))]
		return append(p, xbpf.RawInstruction{Op: OpLdAbs, K: uint32(4 * w.word)}, xbpf.RawInstruction{Op: OpAndK, K: w.mask})
	}
	i := xbpf.RawInstruction{Op: allCodes[r.IntN(len(allCodes))]}
	switch r.IntN(4) {
	case 0:
		i.Op = [...]uint16{OpJeqK, OpJgeK, OpJgtK, OpJsetK}[r.IntN(4)]
	case 1:
		if r.IntN(3) == 0 {
			i.Op = OpRetK
		}
	}
	switch i.Op {
	case OpSt, OpStx, OpLdMem, OpLdxMem:
		i.K = r.Uint32N(2)
	case OpLshK, OpRshK:
		i.K = r.Uint32N(32)
	case OpDivK:
		i.K = 1 + r.Uint32N(9)
	case OpLshX, OpRshX: // X is masked through A, which is kept in M[15]
		return append(p, xbpf.RawInstruction{Op: OpSt, K: 15}, xbpf.RawInstruction{Op: OpTxa}, xbpf.RawInstruction{Op: OpAndK, K: 31},
			xbpf.RawInstruction{Op: OpTax}, xbpf.RawInstruction{Op: OpLdMem, K: 15}, i)
	default:
		i.K = [...]uint32{0, 1, 2, 3, 5, 0x41, 0x80000000, 0x80000001, 0xffffffff}[r.IntN(9)]
	}
	return append(p, i)
}

// mutant changes one thing.
func mutant(p Program, r *rand.Rand) Program {
	for range 20 {
		q := append(Program{}, p...)
		i := &q[r.IntN(len(q))]
		switch r.IntN(5) {
		case 0:
			i.K += uint32(r.IntN(2)*2) - 1
		case 1:
			i.Jt, i.Jf = i.Jf, i.Jt
		case 2:
			i.Jt++
		case 3:
			i.Jf--
		case 4:
			i.K ^= 1 << r.IntN(32)
		}
		if q.Check() == nil {
			return q
		}
	}
	return p
}

// TestEqualRandom holds Equal to all inputs of the world.
func TestEqualRandom(t *testing.T) {
	count := 10_000
	if shared.Long() {
		count = 1_000_000
	}
	inputs := world()
	r := rand.New(rand.NewPCG(5, 6))
	equal, different, undecided := 0, 0, 0
	for range count {
		p := smallProgram(r)
		q := mutant(p, r)
		if r.IntN(8) == 0 {
			q = smallProgram(r)
		}
		witness, same, err := Equal(p, q)
		switch {
		case errors.Is(err, ErrUndecided):
			undecided++
			continue
		case err != nil:
			t.Fatal(err)
		case same:
			equal++
		default:
			different++
			if p.Run(witness) == q.Run(witness) {
				t.Fatalf("no witness: %x\n%v\n%v", *witness, p, q)
			}
		}
		for i := range inputs {
			if same && p.Run(&inputs[i]) != q.Run(&inputs[i]) {
				t.Fatalf("said to be equal, differ for %x\n%v\n%v", inputs[i], p, q)
			}
		}
	}
	t.Logf("%d equal, %d different, %d undecided", equal, different, undecided)
	if min(equal, different) < count/10 || undecided > count/100 {
		t.Errorf("the programs do not test enough")
	}
}

// TestExploreMerged holds the exploration that merges states to the one that does
// not: their diagrams are the same.
func TestExploreMerged(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	compared := 0
	for range 5000 {
		p := smallProgram(r)
		code := symbolic.Code(p)
		if symbolic.Hard(code) {
			continue
		}
		order := symbolic.LittleEndian().Together(symbolic.Meetings(code))
		var answers []symbolic.Answer
		for _, states := range []int{4, -1} {
			// Two graphs count what is open alike, one would not.
			g := symbolic.New(order, symbolic.Limits{States: states})
			a, err := g.Explore(code)
			if err != nil {
				break
			}
			for _, input := range world()[:100] {
				d := symbolic.Data(input)
				if got, open := g.Returned(a, &d); !open && got != p.Run(&input) {
					t.Fatalf("%d states, %x: got %#x, want %#x\n%v", states, input, got, p.Run(&input), p)
				}
			}
			answers = append(answers, a)
		}
		compared += len(answers)
	}
	if compared < 5000 {
		t.Errorf("only %d compared", compared)
	}
}

// TestEqualDiamonds: paths that meet again with other sums in A are as many as
// 2^28, and no more than 406 sums.
func TestEqualDiamonds(t *testing.T) {
	diamonds := func(last uint32) Program {
		p := Program{{Op: OpLdImm}, {Op: OpTax}}
		for i := range uint32(28) {
			p = append(p, xbpf.RawInstruction{Op: OpLdAbs, K: 16}, xbpf.RawInstruction{Op: OpJsetK, Jf: 3, K: 1 << i},
				xbpf.RawInstruction{Op: OpTxa}, xbpf.RawInstruction{Op: OpAddK, K: i + 1}, xbpf.RawInstruction{Op: OpTax})
		}
		return append(p, xbpf.RawInstruction{Op: OpTxa}, xbpf.RawInstruction{Op: OpJgtK, Jf: 1, K: last},
			xbpf.RawInstruction{Op: OpRetK, K: 1}, xbpf.RawInstruction{Op: OpRetK, K: 2})
	}
	if _, same, err := Equal(diamonds(406), diamonds(407)); err != nil || !same {
		t.Errorf("no sum is above 406: %v, %v", same, err)
	}
	witness, same, err := Equal(diamonds(404), diamonds(405))
	if err != nil || same || witness[4] != 1<<28-2 {
		t.Errorf("405 is the sum without the first bit: %v, %v, %x", same, err, witness)
	}
}

// FuzzEqual takes any bytes as two programs. What Equal says of them is held to
// Run.
func FuzzEqual(f *testing.F) {
	one := Program{{Op: OpLdAbs, K: 16}, {Op: OpMulK, K: 3}, {Op: OpJgeK, Jf: 1, K: 9}, {Op: OpRetK, K: 1}, {Op: OpRetA}}
	f.Add(one.AppendBinary(nil, binary.LittleEndian), one[3:].AppendBinary(nil, binary.LittleEndian), uint32(3), uint32(1<<31))
	f.Fuzz(func(t *testing.T, a, b []byte, v, w uint32) {
		p, _ := Decode(a[:len(a)/8*8], binary.LittleEndian)
		q, _ := Decode(b[:len(b)/8*8], binary.LittleEndian)
		asked, err := newQuestion(p, q, symbolic.Limits{Memory: 1 << 21, Steps: 1 << 17})
		if err != nil {
			return
		}
		found, err := asked.Decide()
		switch {
		case err != nil && !errors.Is(err, ErrUndecided):
			t.Fatal(err)
		case err != nil:
		case found != nil:
			if d := Data(*found); p.Run(&d) == q.Run(&d) {
				t.Fatalf("no witness: %x\n%v\n%v", d, p, q)
			}
		default:
			for i := range uint32(64) {
				d := Data{v, w, v ^ i, w + i, v, w, i, v * i, w, v, v + w, i}
				if p.Run(&d) != q.Run(&d) {
					t.Fatalf("said to be equal, differ for %x\n%v\n%v", d, p, q)
				}
			}
		}
	})
}
