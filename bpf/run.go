// SPDX-License-Identifier: Apache-2.0

package bpf

import xbpf "golang.org/x/net/bpf"

// Run answers what the kernel would for a call with data d: SECCOMP_RET_* with
// its data, before the kernel caps or masks any of it. It allocates nothing.
//
// Division by a register that holds 0 ends the program with 0, KILL_THREAD. A
// shift by a register that holds 32 or more is unspecified by the kernel; Run
// uses the low five bits, as the kernel's interpreter and x86 do.
//
// A program that Check refuses neither panics nor hangs: the answer is 0 where
// Run meets an instruction that Check refuses or the end, and scratch cells that
// nothing has written hold 0.
func (p Program) Run(d *Data) uint32 { return p.interpret(d, nil) }

// Trace is Run, and calls visit with the index of each instruction just before
// it is executed.
func (p Program) Trace(d *Data, visit func(pc int)) uint32 { return p.interpret(d, visit) }

// interpret executes the program. Its counter has 64 bits so that no offset, on
// no machine, leads backwards.
func (p Program) interpret(d *Data, visit func(pc int)) uint32 {
	var a, x uint32
	var m [memWords]uint32
	for pc := uint64(0); pc < uint64(len(p)); pc++ {
		i := &p[pc]
		if visit != nil {
			visit(int(pc))
		}
		k := i.K
		switch i.Op {
		case codeLdAbs:
			if k >= dataSize || k%4 != 0 {
				return 0
			}
			a = d[k/4]
		case codeRetK:
			return k
		case codeRetA:
			return a

		case codeJa:
			pc += uint64(k)
		case codeJeqK:
			pc += skip(i, a == k)
		case codeJgtK:
			pc += skip(i, a > k)
		case codeJgeK:
			pc += skip(i, a >= k)
		case codeJsetK:
			pc += skip(i, a&k != 0)
		case codeJeqX:
			pc += skip(i, a == x)
		case codeJgtX:
			pc += skip(i, a > x)
		case codeJgeX:
			pc += skip(i, a >= x)
		case codeJsetX:
			pc += skip(i, a&x != 0)

		case codeAddK:
			a += k
		case codeAddX:
			a += x
		case codeSubK:
			a -= k
		case codeSubX:
			a -= x
		case codeMulK:
			a *= k
		case codeMulX:
			a *= x
		case codeDivK:
			if k == 0 {
				return 0
			}
			a /= k
		case codeDivX:
			if x == 0 {
				return 0
			}
			a /= x
		case codeOrK:
			a |= k
		case codeOrX:
			a |= x
		case codeAndK:
			a &= k
		case codeAndX:
			a &= x
		case codeXorK:
			a ^= k
		case codeXorX:
			a ^= x
		case codeLshK:
			if k >= 32 {
				return 0
			}
			a <<= k
		case codeRshK:
			if k >= 32 {
				return 0
			}
			a >>= k
		case codeLshX:
			a <<= x % 32
		case codeRshX:
			a >>= x % 32
		case codeNeg:
			a = -a

		case codeLdImm:
			a = k
		case codeLdxImm:
			x = k
		case codeLdLen:
			a = dataSize
		case codeLdxLen:
			x = dataSize
		case codeTax:
			x = a
		case codeTxa:
			a = x

		case codeLdMem, codeLdxMem, codeSt, codeStx:
			if k >= memWords {
				return 0
			}
			switch i.Op {
			case codeLdMem:
				a = m[k]
			case codeLdxMem:
				x = m[k]
			case codeSt:
				m[k] = a
			case codeStx:
				m[k] = x
			}
		default:
			return 0
		}
	}
	return 0
}

// skip is how many instructions a branch skips.
func skip(i *xbpf.RawInstruction, taken bool) uint64 {
	if taken {
		return uint64(i.Jt)
	}
	return uint64(i.Jf)
}
