// SPDX-License-Identifier: Apache-2.0

package proof

import (
	"encoding/binary"
	"errors"
	"math/rand/v2"
	"testing"

	"github.com/gosieve/sieve/bpf"
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
func world() []bpf.Data {
	inputs := []bpf.Data{{}}
	for _, w := range worldWords {
		var more []bpf.Data
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
	bpf.OpLdImm, bpf.OpLdxImm, bpf.OpSt, bpf.OpStx, bpf.OpAddK, bpf.OpJa, bpf.OpTax, bpf.OpAddX, bpf.OpSubK, bpf.OpJeqK, bpf.OpSubX, bpf.OpJeqX,
	bpf.OpMulK, bpf.OpJgtK, bpf.OpMulX, bpf.OpJgtX, bpf.OpDivK, bpf.OpJgeK, bpf.OpDivX, bpf.OpJgeX, bpf.OpOrK, bpf.OpJsetK, bpf.OpOrX, bpf.OpJsetX, bpf.OpAndK,
	bpf.OpAndX, bpf.OpLdMem, bpf.OpLdxMem, bpf.OpLshK, bpf.OpLshX, bpf.OpRshK, bpf.OpRshX, bpf.OpLdLen, bpf.OpLdxLen, bpf.OpNeg, bpf.OpTxa, bpf.OpXorK, bpf.OpXorX,
}

// smallProgram is a random program of the world that Check accepts.
func smallProgram(r *rand.Rand) bpf.Program {
	for {
		p := bpf.Program{}
		for size := 2 + r.IntN(16); len(p) < size; {
			p = appendSmall(p, r)
		}
		for i := range p { // jumps that stay inside, and mostly near
			rest := min(len(p)-1-i, 1+r.IntN(6))
			p[i].Jt, p[i].Jf = uint8(r.IntN(rest+1)), uint8(r.IntN(rest+1))
			if p[i].Op == bpf.OpJa {
				p[i].K = uint32(r.IntN(rest + 1))
			}
		}
		p = append(p, xbpf.RawInstruction{Op: bpf.OpRetK, K: r.Uint32N(3)})
		if r.IntN(2) == 0 {
			p[len(p)-1].Op = bpf.OpRetA
		}
		if p.Check() == nil {
			return p
		}
	}
}

// appendSmall appends an instruction, or a load with the mask that belongs to it.
// A shift by X comes with a mask too: beyond 31 the kernel leaves it open.
func appendSmall(p bpf.Program, r *rand.Rand) bpf.Program {
	if r.IntN(4) == 0 {
		w := worldWords[r.IntN(len(worldWords))]
		return append(p, xbpf.RawInstruction{Op: bpf.OpLdAbs, K: uint32(4 * w.word)}, xbpf.RawInstruction{Op: bpf.OpAndK, K: w.mask})
	}
	i := xbpf.RawInstruction{Op: allCodes[r.IntN(len(allCodes))]}
	switch r.IntN(4) {
	case 0:
		i.Op = [...]uint16{bpf.OpJeqK, bpf.OpJgeK, bpf.OpJgtK, bpf.OpJsetK}[r.IntN(4)]
	case 1:
		if r.IntN(3) == 0 {
			i.Op = bpf.OpRetK
		}
	}
	switch i.Op {
	case bpf.OpSt, bpf.OpStx, bpf.OpLdMem, bpf.OpLdxMem:
		i.K = r.Uint32N(2)
	case bpf.OpLshK, bpf.OpRshK:
		i.K = r.Uint32N(32)
	case bpf.OpDivK:
		i.K = 1 + r.Uint32N(9)
	case bpf.OpLshX, bpf.OpRshX: // X is masked through A, which is kept in M[15]
		return append(p, xbpf.RawInstruction{Op: bpf.OpSt, K: 15}, xbpf.RawInstruction{Op: bpf.OpTxa}, xbpf.RawInstruction{Op: bpf.OpAndK, K: 31},
			xbpf.RawInstruction{Op: bpf.OpTax}, xbpf.RawInstruction{Op: bpf.OpLdMem, K: 15}, i)
	default:
		i.K = [...]uint32{0, 1, 2, 3, 5, 0x41, 0x80000000, 0x80000001, 0xffffffff}[r.IntN(9)]
	}
	return append(p, i)
}

// mutant changes one thing.
func mutant(p bpf.Program, r *rand.Rand) bpf.Program {
	for range 20 {
		q := append(bpf.Program{}, p...)
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

// TestEqualProgramsRandom holds Equal to all inputs of the world.
func TestEqualProgramsRandom(t *testing.T) {
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
		witness, same, err := EqualPrograms(p, q)
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
		order := symbolic.LittleEndian().Interleave(symbolic.Meetings(code))
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

// TestEqualProgramsDiamonds: paths that meet again with other sums in A are as many as
// 2^28, and no more than 406 sums.
func TestEqualProgramsDiamonds(t *testing.T) {
	diamonds := func(last uint32) bpf.Program {
		p := bpf.Program{{Op: bpf.OpLdImm}, {Op: bpf.OpTax}}
		for i := range uint32(28) {
			p = append(p, xbpf.RawInstruction{Op: bpf.OpLdAbs, K: 16}, xbpf.RawInstruction{Op: bpf.OpJsetK, Jf: 3, K: 1 << i},
				xbpf.RawInstruction{Op: bpf.OpTxa}, xbpf.RawInstruction{Op: bpf.OpAddK, K: i + 1}, xbpf.RawInstruction{Op: bpf.OpTax})
		}
		return append(p, xbpf.RawInstruction{Op: bpf.OpTxa}, xbpf.RawInstruction{Op: bpf.OpJgtK, Jf: 1, K: last},
			xbpf.RawInstruction{Op: bpf.OpRetK, K: 1}, xbpf.RawInstruction{Op: bpf.OpRetK, K: 2})
	}
	if _, same, err := EqualPrograms(diamonds(406), diamonds(407)); err != nil || !same {
		t.Errorf("no sum is above 406: %v, %v", same, err)
	}
	witness, same, err := EqualPrograms(diamonds(404), diamonds(405))
	if err != nil || same || witness[4] != 1<<28-2 {
		t.Errorf("405 is the sum without the first bit: %v, %v, %x", same, err, witness)
	}
}

// FuzzEqualPrograms takes any bytes as two programs. What Equal says of them is held to
// Run.
func FuzzEqualPrograms(f *testing.F) {
	one := bpf.Program{{Op: bpf.OpLdAbs, K: 16}, {Op: bpf.OpMulK, K: 3}, {Op: bpf.OpJgeK, Jf: 1, K: 9}, {Op: bpf.OpRetK, K: 1}, {Op: bpf.OpRetA}}
	f.Add(one.AppendBinary(nil, binary.LittleEndian), one[3:].AppendBinary(nil, binary.LittleEndian), uint32(3), uint32(1<<31))
	f.Fuzz(func(t *testing.T, a, b []byte, v, w uint32) {
		p, _ := bpf.Decode(a[:len(a)/8*8], binary.LittleEndian)
		q, _ := bpf.Decode(b[:len(b)/8*8], binary.LittleEndian)
		asked, err := programQuestion(p, q, symbolic.Limits{Memory: 1 << 21, Steps: 1 << 17})
		if err != nil {
			return
		}
		found, err := asked.Decide()
		switch {
		case err != nil && !errors.Is(err, ErrUndecided):
			t.Fatal(err)
		case err != nil:
		case found != nil:
			if d := bpf.Data(*found); p.Run(&d) == q.Run(&d) {
				t.Fatalf("no witness: %x\n%v\n%v", d, p, q)
			}
		default:
			for i := range uint32(64) {
				d := bpf.Data{v, w, v ^ i, w + i, v, w, i, v * i, w, v, v + w, i}
				if p.Run(&d) != q.Run(&d) {
					t.Fatalf("said to be equal, differ for %x\n%v\n%v", d, p, q)
				}
			}
		}
	})
}
