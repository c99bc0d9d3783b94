// SPDX-License-Identifier: Apache-2.0

package profile

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/seccomp"
)

// probed are calls that C libraries and others try first, and for which they take
// an older one only if the answer is ENOSYS. glibc since 2.34 makes threads with
// clone3; on ABIs of 32 bits it takes the calls with a 64-bit time before the others.
var probed = []string{
	"clone3", "close_range", "faccessat2", "fchmodat2", "openat2", "statx",
	"clock_gettime64", "clock_nanosleep_time64", "futex_time64", "ppoll_time64", "pselect6_time64", "utimensat_time64",
}

// fresh looks for calls that are newer than the document and are denied with another
// errno than ENOSYS, for no reason than that the document does not know them.
func (l *linter) fresh() {
	if l.def.Kind() != seccomp.Errno(0) {
		return
	}
	named := l.named()
	for a, abi := range l.arches {
		if a > 0 && abi == arch.X32 {
			continue // has its own numbers above all others, and hardly any programs
		}
		newest, age := l.age(a)
		var newer, older []string
		for _, name := range probed {
			nr, ok := abi.Number(name)
			if !ok || named[name] || enosysOf(abi) == l.def || l.missing[a].contain(nr) {
				continue
			}
			if abi.Since(nr) <= age {
				older = append(older, name)
				continue
			}
			newer = append(newer, name)
		}
		if len(newer)+len(older) > 0 && newest != "" {
			l.aboutFresh(a, fmt.Sprintf("%s (%v)", newest, age), newer, older)
		}
	}
}

func (l *linter) aboutFresh(a int, newest string, newer, older []string) {
	const code = "new-call-denied"
	abi, severity := l.arches[a], Info
	if a == 0 {
		severity = Warning // most programs are of the target's own ABI
	}
	at, path := l.p.at.defaultAction, "defaultAction"
	fix := fmt.Sprintf("give them a rule with SCMP_ACT_ERRNO and errnoRet %d, or have new calls answered so (--enosys known)", enosysOf(abi).Data())
	if len(newer) > 0 {
		nr, _ := abi.Number(newer[0])
		l.noteCall(&seccomp.Call{Audit: abi.Audit(), Nr: nr}, severity, code, at, path, fix, "on %v %s: newer than all that the document names, the newest being %s; "+
			"they get %v, and programs that try them go on only after ENOSYS", abi, strings.Join(newer, ", "), newest, l.def)
	}
	if len(older) > 0 {
		nr, _ := abi.Number(older[0])
		l.noteCall(&seccomp.Call{Audit: abi.Audit(), Nr: nr}, Info, code, at, path, fix, "on %v no rule names %s: they get %v, and programs that try them go on only after ENOSYS",
			abi, strings.Join(older, ", "), l.def)
	}
}

// named are all names in the document, those of rules for other targets included.
func (l *linter) named() map[string]bool {
	set := map[string]bool{}
	for i := range l.p.Syscalls {
		for _, name := range l.p.Syscalls[i].Names {
			set[name] = true
		}
	}
	return set
}

// age is the newest call of an ABI that the document names, with the first kernel
// that has it; no name if no version is known.
func (l *linter) age(a int) (newest string, age arch.Kernel) {
	abi := l.arches[a]
	for i := range l.p.Syscalls {
		for _, name := range l.p.Syscalls[i].Names {
			if nr, ok := abi.Number(name); ok {
				if since := abi.Since(nr); newest == "" || since > age {
					newest, age = name, since
				}
			}
		}
	}
	return newest, age
}

// needed are calls without which no dynamically linked program of a C library
// starts and ends; one of each list is enough, and an ABI that has none of them does
// without.
var needed = [][]string{
	{"execve"},
	{"mmap", "mmap2"},
	{"mprotect"},
	{"brk"},
	{"openat", "open"},
	{"read"},
	{"fstat", "fstat64", "newfstatat", "fstatat64", "statx"},
	{"close"},
	{"set_tid_address"},
	{"futex", "futex_time64"},
	{"rt_sigreturn", "sigreturn"},
	{"exit_group"},
}

// threadArea is the call that sets the thread pointer, on ABIs where that takes one.
func threadArea(a arch.Arch) string {
	switch a {
	case arch.X86_64, arch.X32:
		return "arch_prctl"
	case arch.ARM:
		return "set_tls"
	case arch.X86, arch.M68K, arch.MIPS, arch.MIPSEL, arch.MIPS64, arch.MIPSEL64, arch.MIPS64N32, arch.MIPSEL64N32:
		return "set_thread_area"
	}
	return ""
}

// spared are calls that every such program makes, and goes on without.
var spared = []string{"getrandom", "munmap", "prlimit64", "rseq", "set_robust_list"}

// base looks for calls that programs need and the default denies. A rule that denies
// one is taken for what is meant.
func (l *linter) base() {
	if lets(l.def) {
		return
	}
	groups := needed
	if name := threadArea(l.arches[0]); name != "" {
		groups = append(slices.Clip(groups), []string{name})
	}
	var hard, soft []string
	var first seccomp.Call
	for _, group := range groups {
		if call, ok := l.denied(group); ok {
			if hard = append(hard, group[0]); len(hard) == 1 {
				first = call
			}
		}
	}
	for _, name := range spared {
		if _, ok := l.denied([]string{name}); ok {
			soft = append(soft, name)
		}
	}
	l.aboutBase(hard, soft, first)
}

func (l *linter) aboutBase(hard, soft []string, first seccomp.Call) {
	at, path := l.p.at.defaultAction, "defaultAction"
	const fix = "allow them, unless the profile is for a part of a program or for a static one"
	switch {
	case len(hard) > 0:
		also := ""
		if len(soft) > 0 {
			also = "; nor are " + strings.Join(soft, ", ") + ", which they can do without"
		}
		l.noteCall(&first, Warning, "missing-calls", at, path, fix,
			"programs that are linked dynamically do not run on %v: never allowed are %s%s", l.arches[0], strings.Join(hard, ", "), also)
	case len(soft) > 0:
		l.note(Info, "missing-calls", at, path, "", "never allowed on %v are %s, which every program makes and can do without",
			l.arches[0], strings.Join(soft, ", "))
	}
}

// denied says whether the target's own ABI has some of the calls and no rule speaks
// of any, and gives the first.
func (l *linter) denied(names []string) (first seccomp.Call, denied bool) {
	for _, name := range names {
		call, ok := l.native(name)
		if !ok {
			continue
		}
		if l.decided(call.Nr) {
			return call, false
		}
		if !denied {
			first, denied = call, true
		}
	}
	return first, denied
}

// decided says whether a rule of the document, or ENOSYS for what it does not know,
// decides a call of the target's own ABI.
func (l *linter) decided(nr uint32) bool {
	ref, ok := l.cells.lookup(0, nr)
	return ok && (l.cells.list[ref].always != 0 || l.cells.list[ref].first != 0)
}
