// SPDX-License-Identifier: Apache-2.0

package profile

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/seccomp"
)

// probes looks for calls that programs make first, and that get an answer after which
// they do not make the older one, which they may.
func (l *linter) probes() {
	told := map[string]bool{}
	for a, abi := range l.arches {
		if !l.used(a) {
			continue
		}
		var rare []string
		for i := range probes {
			t := &probes[i]
			action, ok := t.stops(l.policy, abi)
			switch {
			case !ok || told[t.call]:
			case t.ever:
				told[t.call] = true
				l.aboutProbe(abi, t, action)
			default:
				told[t.call] = true
				rare = append(rare, t.call)
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

// stops is the action with which a policy keeps programs from the older call.
func (t *probe) stops(p *seccomp.Policy, abi arch.Arch) (seccomp.Action, bool) {
	o := outcomesOf(p, abi, t.call)
	if t.bits != 0 && t.bits != abi.Bits() || !o.denied() {
		return 0, false
	}
	action := o.last()
	if action == enosysOf(abi) || t.any && action.Kind() == seccomp.Errno(0) {
		return 0, false
	}
	return action, slices.ContainsFunc(t.older, func(name string) bool {
		older := outcomesOf(p, abi, name)
		return older != nil && older.some(lets)
	})
}

// FallbackCalls are the calls that programs on an ABI make first, which a policy keeps
// them from, and after which they would make an older one that it allows, but only if
// the answer were ENOSYS; in order. Errno is that ABI's ENOSYS.
func FallbackCalls(p *seccomp.Policy, abi arch.Arch) (names []string, errno uint16) {
	for i := range probes {
		if _, ok := probes[i].stops(p, abi); ok {
			names = appendOnce(names, probes[i].call)
		}
	}
	slices.Sort(names)
	return names, enosysOf(abi).Data()
}

// olderOn is the older calls that an ABI has, for people.
func (t *probe) olderOn(abi arch.Arch) string {
	var names []string
	for _, name := range t.older {
		if _, ok := abi.Number(name); ok {
			names = append(names, name)
		}
	}
	return strings.Join(names, ", ")
}

func (l *linter) aboutProbe(abi arch.Arch, t *probe, action seccomp.Action) {
	at, path := l.saidOf(t.call)
	nr, _ := abi.Number(t.call)
	effect := fmt.Sprintf("they fail, as only ENOSYS has them make %s instead", t.olderOn(abi))
	if action.Kind() != seccomp.Errno(0) {
		effect = fmt.Sprintf("they are stopped, where ENOSYS would have them make %s instead", t.olderOn(abi))
	}
	l.noteCall(&seccomp.Call{Audit: abi.Audit(), Nr: nr}, Failure, "fallback-denied", at, path, l.enosysFix([]string{t.call}),
		"on %v %s gets %v; %s make it first: %s", abi, t.call, action, t.who, effect)
}

// enosysFix has calls answered with ENOSYS.
func (l *linter) enosysFix(names []string) string {
	errno := uint32(enosysOf(l.target.Arch).Data())
	return repairsText(l.p.answered(l.denies, names, "SCMP_ACT_ERRNO", &errno))
}

// denies says whether a rule of the document applies to the target and denies.
func (l *linter) denies(doc int) bool {
	i := slices.IndexFunc(l.rules, func(r rule) bool { return r.doc == doc })
	return i >= 0 && !lets(l.rules[i].action)
}

// saidOf is where the document denies a call: in the first rule that names it, or by
// default.
func (l *linter) saidOf(name string) (mark, string) {
	for i := range l.p.Syscalls {
		doc := &l.p.Syscalls[i]
		if j := slices.Index(doc.Names, name); j >= 0 && l.denies(i) {
			return l.p.nameAt(doc, j), namePath(i, j)
		}
	}
	return l.p.at.defaultAction, "defaultAction"
}

// aboutRare is about calls that some programs make first. It is said of those that
// the default denies: a rule for such a call is taken for what is meant.
func (l *linter) aboutRare(a int, names []string) {
	const code = "new-call-denied"
	abi, severity := l.arches[a], Info
	if a == 0 {
		severity = Warning // most programs are of the target's own ABI
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
	at, path := l.p.at.defaultAction, "defaultAction"
	if len(newer) > 0 {
		nr, _ := abi.Number(newer[0])
		l.noteCall(&seccomp.Call{Audit: abi.Audit(), Nr: nr}, severity, code, at, path, l.enosysFix(newer), "on %v %s: newer than all that the document names, "+
			"the newest being %s (%v); they get %v, and programs that try them go on only after ENOSYS", abi, strings.Join(newer, ", "), newest, age, l.def)
	}
	if len(older) > 0 {
		nr, _ := abi.Number(older[0])
		l.noteCall(&seccomp.Call{Audit: abi.Audit(), Nr: nr}, Info, code, at, path, l.enosysFix(older), "on %v no rule names %s: they get %v, and programs that try them go on only after ENOSYS",
			abi, strings.Join(older, ", "), l.def)
	}
}
