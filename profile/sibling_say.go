// SPDX-License-Identifier: Apache-2.0

package profile

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/seccomp"
)

// siblings looks for calls that do what a rule keeps another call from doing.
func (l *linter) siblings() {
	told := map[[2]string]bool{}
	for a, abi := range l.arches {
		if !l.used(a) {
			continue
		}
		for _, d := range detours(l.policy, abi, l.target.Kernel) {
			key := [2]string{d.from.call, d.to.call}
			if !told[key] {
				told[key] = true
				l.aboutDetour(&d)
			}
		}
		if l.def.Runs() {
			l.families(abi, told)
		}
	}
}

// text says what the other call does.
func (d *detour) text(p *seccomp.Policy) string {
	denied := callText(d.from.call, d.abi, d.denied.Args)
	if d.unseen() {
		return fmt.Sprintf("%s gets %v, but %s does the same, with its %s in memory where no filter sees them, and gets %v",
			denied, p.Evaluate(&d.denied), d.to.call, d.aspect.what, p.Evaluate(&d.witness))
	}
	return fmt.Sprintf("%s gets %v, but %s does the same and gets %v",
		denied, p.Evaluate(&d.denied), argsText(d.to.call, d.witness.Args), p.Evaluate(&d.witness))
}

func (l *linter) aboutDetour(d *detour) {
	severity, code, fix := Warning, Code("sibling-open"), ""
	if d.unseen() {
		severity, code = Failure, "sibling-unseen"
		errno := uint32(enosysOf(l.target.Arch).Data())
		fix = repairsText(l.p.answered(l.applied, []string{d.to.call}, "SCMP_ACT_ERRNO", &errno))
	}
	at, path := l.p.at.defaultAction, "defaultAction"
	for i := range l.rules {
		part := &l.rules[i]
		j := slices.IndexFunc(part.args, func(a seccomp.Arg) bool { return a.Index == d.from.on(d.abi) })
		if j < 0 || !slices.Contains(part.names, d.from.call) {
			continue
		}
		at, path = l.p.Syscalls[part.doc].at.rule, rulePath(part.doc)
		if k := l.argOf(part, j); k >= 0 {
			at, path = cmp.Or(l.p.Syscalls[part.doc].Args[k].at, at), argPath(part.doc, k)
		}
		break
	}
	l.noteCall(&d.witness, severity, code, at, path, fix, "%s", d.text(l.policy))
}

// applied says whether a rule of the document applies to the target.
func (l *linter) applied(doc int) bool {
	return slices.ContainsFunc(l.rules, func(r rule) bool { return r.doc == doc })
}

// families looks in a list of denials for calls whose siblings are allowed.
func (l *linter) families(abi arch.Arch, told map[[2]string]bool) {
	for i := range families {
		f := &families[i]
		for _, part := range l.rules {
			if len(part.args) > 0 || lets(part.action) || part.action == enosysOf(abi) || part.action == enosysOf(arch.X86_64) {
				continue // where ENOSYS is meant, programs are to make the others
			}
			from := slices.IndexFunc(part.names, func(name string) bool { return slices.Contains(f.calls, name) })
			if from < 0 {
				continue
			}
			if open := f.open(l.policy, abi, l.target.Kernel); len(open) > 0 {
				l.aboutFamily(f, &part, from, abi, open, told)
			}
			break
		}
	}
}

// open are the calls of a family that are allowed whatever their arguments. Those that
// some rule denies are taken for what is meant.
func (f *family) open(p *seccomp.Policy, abi arch.Arch, kernel arch.Kernel) []string {
	var list []string
	for _, name := range slices.Concat(f.calls, f.also) {
		o := outcomesOf(p, abi, name)
		nr, _ := abi.Number(name)
		if o == nil || kernel != 0 && abi.Since(nr) > kernel || o.some(func(a seccomp.Action) bool { return !a.Runs() }) {
			continue
		}
		list = append(list, name)
	}
	return list
}

func (l *linter) aboutFamily(f *family, part *rule, from int, abi arch.Arch, open []string, told map[[2]string]bool) {
	open = slices.DeleteFunc(open, func(name string) bool { return told[[2]string{f.what, name}] || slices.Contains(part.names, name) })
	if len(open) == 0 {
		return
	}
	for _, name := range open {
		told[[2]string{f.what, name}] = true
	}
	doc := &l.p.Syscalls[part.doc]
	j := slices.Index(doc.Names, part.names[from])
	errno := doc.ErrnoRet
	if number := part.action.Data(); errno == nil && doc.Errno != "" {
		errno = new(uint32)
		*errno = uint32(number)
	}
	fix := repairsText(l.p.answered(func(int) bool { return false }, open, doc.Action, errno))
	nr, _ := abi.Number(open[0])
	l.noteCall(&seccomp.Call{Audit: abi.Audit(), Nr: nr}, Warning, "sibling-open", l.p.nameAt(doc, j), namePath(part.doc, j), fix,
		"%s gets %v on %v, but programs %s as well with %s, allowed here", part.names[from], part.action, abi, f.what, strings.Join(open, ", "))
}
