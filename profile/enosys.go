// SPDX-License-Identifier: Apache-2.0

package profile

import (
	"slices"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/errnos"
	"github.com/gosieve/sieve/internal/resolution"
	"github.com/gosieve/sieve/seccomp"
)

// lastNumber is the largest number of an ABI, but for 0xffffffff, which no program
// can call: a tracer skips a call with it.
//
// x32's numbers are 0x40000000 and above under the same AUDIT_ARCH, so x86_64's end
// before them.
func lastNumber(a arch.Arch) uint32 {
	if a == arch.X86_64 {
		return arch.X32.Base() - 1
	}
	return 0xfffffffe
}

// findMissing finds the numbers that get ENOSYS, per ABI.
func (w *ruleWriter) findMissing() {
	w.missing = make([]resolution.Ranges, len(w.arches))
	for a, abi := range w.arches {
		switch w.ENOSYS {
		case resolution.ENOSYSRunc:
			w.missing[a] = w.aboveNamed(a)
		case resolution.ENOSYSKnown:
			w.missing[a] = unknownTo(abi, w.Written)
		}
	}
}

// aboveNamed is the numbers above the highest that the document names, whatever the action.
// On s390 number 0 is among them: the kernel writes 0 for a number that it does not know.
//
// It is what runc's patchbpf does (libcontainer/seccomp/patchbpf). There is no stub for a
// default that allows, logs or traces, and none for an ABI if the document names no call of
// it. On ARM the highest name is often set_tls, 0xf0005; no call lies above that.
func (w *ruleWriter) aboveNamed(a int) resolution.Ranges {
	switch w.def.Kind() {
	case seccomp.Allow, seccomp.Log, seccomp.Trace(0):
		return nil
	}
	highest := w.index.Highest[a]
	if highest == 0 {
		return nil
	}
	var list resolution.Ranges
	if abi := w.arches[a]; abi == arch.S390 || abi == arch.S390X {
		list = append(list, seccomp.Range{From: 0, To: 0})
	}
	if last := lastNumber(w.arches[a]); highest < last {
		list = append(list, seccomp.Range{From: highest + 1, To: last})
	}
	return list
}

// unknownTo is the numbers that have no call, or one that is newer than a kernel.
//
// Numbers in gaps of the table are among them: no kernel of that age has a call there.
func unknownTo(a arch.Arch, k arch.Kernel) resolution.Ranges {
	var known []uint32
	for nr := range a.Calls() {
		if a.Since(nr) <= k {
			known = append(known, nr)
		}
	}
	slices.Sort(known)
	var list resolution.Ranges
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

// writeENOSYS writes the rules for the numbers that get ENOSYS.
//
// If the default is the same ENOSYS no rules are needed, unless a companion would decide
// first.
func (w *ruleWriter) writeENOSYS() {
	for a, abi := range w.arches {
		if len(w.missing[a]) == 0 || errnos.ENOSYS(abi) == w.def && !w.hasCompanions(a, "") {
			continue
		}
		w.appendRule(-1, seccomp.UnknownCall, "", seccomp.Rule{Arches: w.set(1 << a), Numbers: w.missing[a], Action: errnos.ENOSYS(abi)})
	}
}
