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
// it is executed. Each is visited at most once, since jumps only lead forwards.
func (p Program) Trace(d *Data, visit func(pc int)) uint32 { return p.interpret(d, visit) }

// interpret executes the program. Its counter has 64 bits so that no offset, on
// no machine, leads backwards. The opcodes that nearly all filters consist of come first:
// loads of words, returns and comparisons.
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
		case OpLdAbs:
			if k >= dataSize || k%4 != 0 {
				return 0
			}
			a = d[k/4]
		case OpRetK:
			return k
		case OpRetA:
			return a

		case OpJa:
			pc += uint64(k)
		case OpJeqK:
			pc += skip(i, a == k)
		case OpJgtK:
			pc += skip(i, a > k)
		case OpJgeK:
			pc += skip(i, a >= k)
		case OpJsetK:
			pc += skip(i, a&k != 0)
		case OpJeqX:
			pc += skip(i, a == x)
		case OpJgtX:
			pc += skip(i, a > x)
		case OpJgeX:
			pc += skip(i, a >= x)
		case OpJsetX:
			pc += skip(i, a&x != 0)

		case OpAddK:
			a += k
		case OpAddX:
			a += x
		case OpSubK:
			a -= k
		case OpSubX:
			a -= x
		case OpMulK:
			a *= k
		case OpMulX:
			a *= x
		case OpDivK:
			if k == 0 {
				return 0
			}
			a /= k
		case OpDivX:
			if x == 0 {
				return 0
			}
			a /= x
		case OpOrK:
			a |= k
		case OpOrX:
			a |= x
		case OpAndK:
			a &= k
		case OpAndX:
			a &= x
		case OpXorK:
			a ^= k
		case OpXorX:
			a ^= x
		case OpLshK:
			if k >= 32 {
				return 0
			}
			a <<= k
		case OpRshK:
			if k >= 32 {
				return 0
			}
			a >>= k
		case OpLshX:
			a <<= x % 32
		case OpRshX:
			a >>= x % 32
		case OpNeg:
			a = -a

		case OpLdImm:
			a = k
		case OpLdxImm:
			x = k
		case OpLdLen:
			a = dataSize
		case OpLdxLen:
			x = dataSize
		case OpTax:
			x = a
		case OpTxa:
			a = x

		case OpLdMem, OpLdxMem, OpSt, OpStx:
			if k >= memWords {
				return 0
			}
			switch i.Op {
			case OpLdMem:
				a = m[k]
			case OpLdxMem:
				x = m[k]
			case OpSt:
				m[k] = a
			case OpStx:
				m[k] = x
			}
		default:
			return 0
		}
	}
	return 0
}

// skip is how many instructions a branch skips, in 64 bits as the counter has them.
func skip(i *xbpf.RawInstruction, taken bool) uint64 {
	if taken {
		return uint64(i.Jt)
	}
	return uint64(i.Jf)
}
