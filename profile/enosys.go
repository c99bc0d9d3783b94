// SPDX-License-Identifier: Apache-2.0

package profile

import (
	"slices"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/seccomp"
)

// ranges are ranges of numbers, in order.
type ranges []seccomp.Range

func (r ranges) contain(nr uint32) bool {
	i, _ := slices.BinarySearchFunc(r, nr, func(n seccomp.Range, nr uint32) int {
		if n.To < nr {
			return -1
		}
		return 1
	})
	return i < len(r) && r[i].From <= nr
}

// enosysOf is ENOSYS on an ABI (arch/*/include/uapi/asm/errno.h).
func enosysOf(a arch.Arch) seccomp.Action {
	switch a {
	case arch.MIPS, arch.MIPSEL, arch.MIPS64, arch.MIPSEL64, arch.MIPS64N32, arch.MIPSEL64N32:
		return seccomp.Errno(89)
	case arch.PARISC, arch.PARISC64:
		return seccomp.Errno(251)
	}
	return seccomp.Errno(38)
}

// lastNumber is the largest number of an ABI, but for 0xffffffff, which no program
// can call: a tracer skips a call with it.
func lastNumber(a arch.Arch) uint32 {
	if a == arch.X86_64 {
		return arch.X32.Base() - 1
	}
	return 0xfffffffe
}

// findMissing finds the numbers that get ENOSYS, per ABI.
func (w *writer) findMissing() {
	w.missing = make([]ranges, len(w.arches))
	for a, abi := range w.arches {
		switch w.resolver.enosys {
		case enosysRunc:
			w.missing[a] = w.aboveNamed(a)
		case enosysKnown:
			w.missing[a] = unknownTo(abi, w.written)
		}
	}
}

// aboveNamed is the numbers above the highest that the document names, whatever
// the action. On s390 it is 0 too, which the kernel puts in the place of a number
// that it does not know.
func (w *writer) aboveNamed(a int) ranges {
	switch w.def.Kind() {
	case seccomp.Allow, seccomp.Log, seccomp.Trace(0):
		return nil
	}
	highest := w.cells.highest[a]
	if highest == 0 {
		return nil
	}
	var list ranges
	if abi := w.arches[a]; abi == arch.S390 || abi == arch.S390X {
		list = append(list, seccomp.Range{From: 0, To: 0})
	}
	if last := lastNumber(w.arches[a]); highest < last {
		list = append(list, seccomp.Range{From: highest + 1, To: last})
	}
	return list
}

// unknownTo is the numbers that have no call, or one that is newer than a kernel.
func unknownTo(a arch.Arch, k arch.Kernel) ranges {
	var known []uint32
	for nr := range a.Calls() {
		if a.Since(nr) <= k {
			known = append(known, nr)
		}
	}
	slices.Sort(known)
	var list ranges
	next := uint32(0)
	if a == arch.X32 {
		next = a.Base()
	}
	for _, nr := range known {
		if nr > next {
			list = append(list, seccomp.Range{From: next, To: nr - 1})
		}
		next = max(next, nr+1)
	}
	if last := lastNumber(a); next <= last {
		list = append(list, seccomp.Range{From: next, To: last})
	}
	return list
}

// enosys writes the rules for the numbers that get ENOSYS.
func (w *writer) enosys() {
	for a, abi := range w.arches {
		if len(w.missing[a]) == 0 || enosysOf(abi) == w.def && !w.hasCompanions(a, "") {
			continue
		}
		w.write(-1, "ENOSYS", seccomp.Rule{Arches: w.set(1 << a), Numbers: w.missing[a], Action: enosysOf(abi)})
	}
}
