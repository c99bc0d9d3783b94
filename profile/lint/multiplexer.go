// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"slices"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/resolution"
	"github.com/gosieve/sieve/internal/userland"
	"github.com/gosieve/sieve/internal/wording"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/seccomp"
)

// socketcallABIs are those on which glibc 2.41, as distributions build it, makes calls
// for sockets through socketcall, and for System V IPC through ipc (sysdeps/unix/sysv/
// linux/{i386,m68k,s390}/kernel-features.h: before kernels 4.3 and 5.1).
var socketcallABIs = []arch.Arch{arch.X86, arch.M68K, arch.S390, arch.S390X}

// socketcall: calls that are allowed by themselves, but not the way that programs make
// them.
//
// A profile that allows socket and connect and says nothing of socketcall leaves an i386
// program without a network: glibc makes all of these calls through it there. The call in
// the finding has the number of the inner call as its first argument.
func (l *linter) socketcall(a int, abi arch.Arch) {
	if !slices.Contains(socketcallABIs, abi) {
		return
	}
	severity := profile.Info
	if a == 0 {
		severity = profile.Warning // most programs are of the target's own ABI
	}
	for _, m := range resolution.Multiplexers {
		var names []string
		var first seccomp.Call
		nr, _ := abi.Number(m.Name)
		for _, name := range l.muxed(abi, m.Name) {
			_, n, _ := abi.Multiplexer(name)
			call := seccomp.Call{Audit: abi.Audit(), Nr: nr, Args: [6]uint64{uint64(n)}}
			o := userland.OutcomesOf(l.Policy, abi, name)
			if o == nil || !o.Some(seccomp.Action.Runs) || !l.Policy.Evaluate(&call).Denies() {
				continue
			}
			if names = append(names, name); len(names) == 1 {
				first = call
			}
		}
		if len(names) == 0 {
			continue
		}
		at := l.saidOf(m.Name)
		l.noteCall(&first, severity, "multiplexer-denied", at, "", "on %v %s may be made directly, but glibc makes them through %s, where they get %v",
			abi, wording.Few(names), m.Name, l.Policy.Evaluate(&first))
	}
}

// muxed are the calls that rules name and that a multiplexer makes, each once, in the order of
// the rules.
func (l *linter) muxed(abi arch.Arch, mux string) []string {
	var list []string
	for _, part := range l.Parts {
		for _, name := range part.Names {
			if m, _, ok := abi.Multiplexer(name); ok && m == mux && !slices.Contains(list, name) {
				list = append(list, name)
			}
		}
	}
	return list
}
