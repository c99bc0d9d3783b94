// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/errnos"
	"github.com/gosieve/sieve/internal/resolution"
	"github.com/gosieve/sieve/internal/userland"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/seccomp"
)

// probes looks for calls that programs make first, and that get an answer after which
// they do not make the older one, which they may.
//
// glibc since 2.34 makes clone3 first and clone after ENOSYS: a filter that answers EPERM
// stops pthread_create, although it allows clone. A call that every start of a thread or
// process needs (Ever) is a Failure. Others are told together, for each ABI.
func (l *linter) probes() {
	told := map[string]bool{}
	for a, abi := range l.arches {
		if !l.used(a) {
			continue
		}
		var rare []string
		for i := range userland.Probes {
			t := &userland.Probes[i]
			action, ok := t.Stops(l.Policy, abi)
			switch {
			case !ok || told[t.Call]:
			case t.Ever:
				told[t.Call] = true
				l.aboutProbe(abi, t, action)
			default:
				told[t.Call] = true
				rare = append(rare, t.Call)
			}
		}
		l.aboutRare(a, rare)
	}
}

// used says whether programs on the target use an ABI that the document lists. There
// are hardly any of x32 on x86_64.
func (l *linter) used(a int) bool {
	return a == 0 || slices.Contains(l.arches[0].Beside(), l.arches[a]) && l.arches[a] != arch.X32
}

// aboutProbe says that programs fail or are stopped at a call, where ENOSYS would have
// them make an older one.
func (l *linter) aboutProbe(abi arch.Arch, t *userland.Probe, action seccomp.Action) {
	at := l.saidOf(t.Call)
	nr, _ := abi.Number(t.Call)
	effect := fmt.Sprintf("they fail, as only ENOSYS has them make %s instead", t.OlderOn(abi))
	if action.Kind() != seccomp.Errno(0) {
		effect = fmt.Sprintf("they are stopped, where ENOSYS would have them make %s instead", t.OlderOn(abi))
	}
	l.mend(l.withENOSYS([]string{t.Call})...)
	l.noteCall(&seccomp.Call{Audit: abi.Audit(), Nr: nr}, profile.Failure, "fallback-denied", at, "",
		"on %v %s gets %v; %s make it first: %s", abi, t.Call, action, t.Who, effect)
}

// withENOSYS has calls answered with ENOSYS.
//
// The number is that of the target's own ABI: 38 on most, 89 on MIPS, 251 on PA-RISC.
func (l *linter) withENOSYS(names []string) []profile.Edit {
	errno := uint32(errnos.ENOSYS(l.target.Arch).Data())
	return answered(l.p, l.denies, names, "SCMP_ACT_ERRNO", &errno)
}

// denies says whether a rule of the document applies to the target and denies.
func (l *linter) denies(doc int) bool {
	i, found := l.part(doc)
	return found && l.Parts[i].Action.Denies()
}

// part is the first part of a rule of the document, if it has any. Parts are in the order of
// the document's rules.
func (l *linter) part(doc int) (int, bool) {
	return slices.BinarySearchFunc(l.Parts, doc, func(part resolution.Part, doc int) int { return cmp.Compare(part.Doc, doc) })
}

// saidOf is where the document denies a call: in the first rule that names it, or by
// default.
func (l *linter) saidOf(name string) profile.Place {
	for i := range l.p.Syscalls {
		doc := &l.p.Syscalls[i]
		if j := slices.Index(doc.Names, name); j >= 0 && l.denies(i) {
			return l.of(resolution.NamePath(i, j))
		}
	}
	return l.of("defaultAction")
}

// aboutRare is about calls that some programs make first. It is said of those that
// the default denies: a rule for such a call is taken for what is meant.
//
// Calls that are newer than all that the document names were unknown to its author, and
// so it is a warning on the target's own ABI. Older ones may have been left out on
// purpose, and are a note.
func (l *linter) aboutRare(a int, names []string) {
	const code = "new-call-denied"
	abi, severity := l.arches[a], profile.Info
	if a == 0 {
		severity = profile.Warning // most programs are of the target's own ABI
	}
	named := l.named()
	newest, age := l.age(a)
	if newest == "" {
		return
	}
	var newer, older []string
	for _, name := range names {
		nr, _ := abi.Number(name)
		switch {
		case named[name]:
		case abi.Since(nr) > age:
			newer = append(newer, name)
		default:
			older = append(older, name)
		}
	}
	at := l.of("defaultAction")
	if len(newer) > 0 {
		nr, _ := abi.Number(newer[0])
		l.mend(l.withENOSYS(newer)...)
		l.noteCall(&seccomp.Call{Audit: abi.Audit(), Nr: nr}, severity, code, at, "", "on %v %s: newer than all that the document names, "+
			"the newest being %s (%v); they get %v, and programs that try them go on only after ENOSYS", abi, strings.Join(newer, ", "), newest, age, l.def)
	}
	if len(older) > 0 {
		nr, _ := abi.Number(older[0])
		l.mend(l.withENOSYS(older)...)
		l.noteCall(&seccomp.Call{Audit: abi.Audit(), Nr: nr}, profile.Info, code, at, "", "on %v no rule names %s: they get %v, and programs that try them go on only after ENOSYS",
			abi, strings.Join(older, ", "), l.def)
	}
}
