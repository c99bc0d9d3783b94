// SPDX-License-Identifier: Apache-2.0

package bpf

import xbpf "golang.org/x/net/bpf"

// allowed is the one answer that the kernel remembers: SECCOMP_RET_ALLOW without
// data (include/uapi/linux/seccomp.h).
const allowed = 0x7fff0000

// Constant says whether the kernel, when it attaches the program, finds out that
// it allows call nr of architecture arch (AUDIT_ARCH_*) whatever else the data
// holds. The kernel then never runs the program for that call.
//
// It follows the program as seccomp_is_const_allow (kernel/seccomp.c) does, which
// gives up at every instruction on the way but loads of the number and the
// architecture, ja, comparisons with a constant, and with a constant, and ret with
// a constant. Whether the kernel asks at all is another matter: some
// architectures have no such memory, and no call number beyond the table is in it.
func (p Program) Constant(arch, nr uint32) bool {
	var a uint32
	for pc := uint64(0); pc < uint64(len(p)); pc++ {
		i := &p[pc]
		switch i.Op {
		case OpLdAbs:
			switch i.K {
			case 0:
				a = nr
			case 4:
				a = arch
			default:
				return false
			}
		case OpAndK:
			a &= i.K
		case OpJa:
			pc += uint64(i.K)
		case OpJeqK:
			pc += skip(i, a == i.K)
		case OpJgtK:
			pc += skip(i, a > i.K)
		case OpJgeK:
			pc += skip(i, a >= i.K)
		case OpJsetK:
			pc += skip(i, a&i.K != 0)
		case OpRetK:
			return i.K == allowed
		default:
			return false
		}
	}
	return false
}

// ExtendedLen is how many instructions the program has in the kernel's own form,
// eBPF (bpf_convert_filter, net/core/filter.c). For a task's chain of filters the
// kernel adds these, and 4 more for each filter that is already there, and
// refuses with ENOMEM the filter that makes the sum greater than 32768
// (MAX_INSNS_PER_PATH, kernel/seccomp.c).
func (p Program) ExtendedLen() int {
	const prologue = 3 // A = 0, X = 0, keep the pointer to the data
	n := prologue
	for pc := range p {
		n += extended(&p[pc])
	}
	return n
}

// extended is how many eBPF instructions i becomes, by the cases of bpf_convert_filter.
func extended(i *xbpf.RawInstruction) int {
	switch s := shapeOf(i.Op); {
	case i.Op == OpRetK:
		return 2 // the answer, exit
	case i.Op == OpDivX:
		return 5 // zero-extend X, test it, answer 0, exit, divide
	case s.branch:
		n := 1
		if s.operand == constant && i.K >= 1<<31 {
			n++ // an eBPF constant is signed: through a register
		}
		negated := i.Jt == 0 && i.Op != OpJsetK && i.Op != OpJsetX
		if i.Jf != 0 && !negated {
			n++ // a second jump
		}
		return n
	}
	return 1
}
