// SPDX-License-Identifier: Apache-2.0

package rig

import (
	"math/rand/v2"

	xbpf "golang.org/x/net/bpf"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/bpf"
	"github.com/gosieve/sieve/internal/seccompdata"
)

// constants are what random programs compare with: numbers, the bit of x32 and its neighbours,
// -1, halves of arguments, and the tokens of a few ABIs.
func constants() []uint32 {
	list := []uint32{0, 1, 2, 16, 40, 41, 42, 56, 59, 101, 135, 198, 321, 424, 435, 0x3fffffff, 0x40000000, 0x40000001, 0x40000029,
		0x7e020000, 0x7fffffff, 0x80000000, 0xfffdfff7, 0xfffffffe, 0xffffffff}
	for _, abi := range someABIs() {
		list = append(list, abi.Audit(), abi.Audit()+1)
	}
	return list
}

func someABIs() []arch.Arch {
	return []arch.Arch{arch.X86_64, arch.X86, arch.AArch64, arch.S390X, arch.MIPS, arch.PPC64LE}
}

// RandomProgram is a program of n instructions that the kernel accepts. Nearly all of it looks
// like a filter: loads of words and comparisons with constants. The rest is anything, where odd
// is set.
func RandomProgram(r *rand.Rand, n int, odd bool) bpf.Program {
	values := constants()
	pick := func() uint32 { return values[r.IntN(len(values))] }
	p := make(bpf.Program, n)
	for pc := range p {
		behind := n - pc - 1
		near := func() uint8 { return uint8(r.IntN(min(max(behind, 1), 12))) }
		switch kind := r.IntN(20); {
		case behind == 0 || kind == 0:
			p[pc] = xbpf.RawInstruction{Op: bpf.OpRetK, K: []uint32{0x7fff0000, 0x50001, 0x50026, 0, 0x80000000}[r.IntN(5)]}
		case kind < 6 || pc == 0:
			p[pc] = xbpf.RawInstruction{Op: bpf.OpLdAbs, K: 4 * []uint32{0, 0, 1, 1, 4, 5, 6, 7, 2, 3, 15}[r.IntN(11)]}
		case kind == 6:
			p[pc] = xbpf.RawInstruction{Op: bpf.OpJa, K: uint32(near())}
		case kind == 7:
			p[pc] = xbpf.RawInstruction{Op: bpf.OpAndK, K: pick()}
		case kind == 8 && odd:
			p[pc] = oddInstruction(r, pick())
		default:
			op := []uint16{bpf.OpJeqK, bpf.OpJeqK, bpf.OpJgeK, bpf.OpJgtK, bpf.OpJsetK}[r.IntN(5)]
			p[pc] = xbpf.RawInstruction{Op: op, Jt: near(), Jf: near(), K: pick()}
		}
	}
	if odd { // every cell is written before it is read
		p = append(bpf.Program{{Op: bpf.OpSt, K: 0}, {Op: bpf.OpSt, K: 1}}, p...)
	}
	return p
}

// oddInstruction is one that filters hardly ever have. It goes on to the next.
func oddInstruction(r *rand.Rand, k uint32) xbpf.RawInstruction {
	switch ops := []uint16{bpf.OpTax, bpf.OpTxa, bpf.OpAddK, bpf.OpOrK, bpf.OpXorK, bpf.OpNeg, bpf.OpLdImm, bpf.OpLdxImm, bpf.OpLdLen, bpf.OpAndX, bpf.OpAddX}; r.IntN(3) {
	case 0:
		return xbpf.RawInstruction{Op: []uint16{bpf.OpSt, bpf.OpStx, bpf.OpLdMem, bpf.OpLdxMem}[r.IntN(4)], K: uint32(r.IntN(2))}
	default:
		op := ops[r.IntN(len(ops))]
		switch op {
		case bpf.OpTax, bpf.OpTxa, bpf.OpNeg, bpf.OpLdLen, bpf.OpAndX, bpf.OpAddX:
			k = 0
		}
		return xbpf.RawInstruction{Op: op, K: k}
	}
}

// RandomData is a call that random programs decide in different ways.
func RandomData(r *rand.Rand) bpf.Data {
	values := constants()
	word := func() uint32 {
		switch r.IntN(4) {
		case 0:
			return uint32(r.IntN(500))
		case 1:
			return r.Uint32()
		}
		return values[r.IntN(len(values))] + uint32(r.IntN(3)) - 1
	}
	abis := someABIs()
	audit := abis[r.IntN(len(abis))].Audit()
	if r.IntN(8) == 0 {
		audit = word()
	}
	var args [6]uint64
	for i := range args {
		args[i] = uint64(word())
		if r.IntN(2) == 0 {
			args[i] |= uint64(word()) << 32
		}
	}
	return seccompdata.Of(audit, word(), uint64(word()), &args)
}
