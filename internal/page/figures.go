// SPDX-License-Identifier: Apache-2.0

package page

import (
	"slices"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/bpf"
	"github.com/gosieve/sieve/internal/seccompdata"
	"github.com/gosieve/sieve/internal/usual"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/seccomp"
)

// figures are what the calls of an ABI cost: instructions that are executed, with all arguments
// 0, and how many calls the kernel answers without executing any.
type figures struct {
	Mean   float64 `json:"mean"`   // each call alike
	Usual  float64 `json:"usual"`  // as often as usual programs make them
	Most   int     `json:"most"`   // the call that costs most
	Bitmap int     `json:"bitmap"` // calls that the kernel answers by itself
	Share  uint32  `json:"share"`  // how often usual programs make those, in thousandths of the calls that are known
}

// measure counts for every call of an ABI.
func (g *grid) measure(out *abi) {
	cached := hasBitmap(g.machine.Target) && inTable(g.machine.Target.Arch, g.abi)
	shares := map[string]uint32{}
	for _, u := range usual.Calls {
		shares[u.Name] = u.Share
	}
	var sum, weighted, weight, answered uint32
	for _, c := range out.Calls {
		c.Steps = executed(g.machine.Filter, &seccomp.Call{Audit: g.abi.Audit(), Nr: c.Nr})
		c.Share = shares[c.Name]
		c.Bitmap = cached && constant(g.machine.Filter, g.abi.Audit(), c.Nr)
		sum += uint32(c.Steps)
		weight += c.Share
		weighted += c.Share * uint32(c.Steps)
		out.Figures.Most = max(out.Figures.Most, c.Steps)
		if c.Bitmap {
			out.Figures.Bitmap++
			answered += c.Share
		}
	}
	out.Figures.Mean = tenth(sum, uint32(len(out.Calls)))
	out.Figures.Usual = tenth(weighted, weight)
	if weight > 0 {
		out.Figures.Share = answered * 1000 / weight
	}
}

// tenth is a quotient to one decimal, the same on every machine.
func tenth(a, b uint32) float64 {
	if b == 0 {
		return 0
	}
	return float64((a*10+b/2)/b) / 10
}

// executed is the number of instructions that a call executes in all programs.
func executed(f seccomp.Filter, c *seccomp.Call) int {
	d, n := seccompdata.Of(c.Audit, c.Nr, c.IP, &c.Args), 0
	for _, p := range f {
		p.Trace(&d, func(int) { n++ })
	}
	return n
}

// constant says whether the kernel finds, when it attaches the filter, that it always allows a
// call.
func constant(f seccomp.Filter, audit, nr uint32) bool {
	return !slices.ContainsFunc(f, func(p bpf.Program) bool { return !p.Constant(audit, nr) })
}

// hasBitmap says whether the kernel remembers which calls are always allowed: from Linux 5.11 on,
// and never on MIPS and M68K, which lack what that needs (SECCOMP_ARCH_NATIVE in asm/seccomp.h).
func hasBitmap(t profile.Target) bool {
	switch t.Arch {
	case arch.MIPS, arch.MIPSEL, arch.MIPS64, arch.MIPSEL64, arch.MIPS64N32, arch.MIPSEL64N32, arch.M68K:
		return false
	}
	return t.Kernel == 0 || t.Kernel >= 5<<8|11
}

// inTable says whether the kernel's memory has rows for an ABI: the machine's own and the one of
// 32 bits beside it. Numbers of x32 are beyond the end of x86_64's table.
func inTable(native, a arch.Arch) bool {
	return a == native || a != arch.X32 && slices.Contains(native.Beside(), a)
}

// longest is the number of instructions on the longest way through a program, whether or not
// a call takes it. Jumps lead forward, so that it is known from the end on.
func longest(p bpf.Program) int {
	from := make([]int, len(p)+1)
	for pc := len(p) - 1; pc >= 0; pc-- {
		i := &p[pc]
		switch {
		case i.Op == bpf.OpRetK || i.Op == bpf.OpRetA:
			from[pc] = 1
		case i.Op == bpf.OpJa:
			from[pc] = 1 + from[pc+1+int(i.K)]
		default:
			from[pc] = 1 + max(from[pc+1+int(i.Jt)], from[pc+1+int(i.Jf)])
		}
	}
	return from[0]
}
