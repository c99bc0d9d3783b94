// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/errnos"
	"github.com/gosieve/sieve/internal/resolution"
	"github.com/gosieve/sieve/internal/solve"
	"github.com/gosieve/sieve/internal/userland"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/seccomp"
)

// siblings looks for calls that do what a rule keeps another call from doing.
//
// There are two kinds. A detour makes the same call with an argument that no rule looks
// at, or in memory where no rule can look (openat2 for the flags of openat). A family is
// several calls for one purpose, of which a list of denials has some: chmod but not
// fchmodat. The second kind is looked for only where the default allows.
func (l *linter) siblings() {
	told := map[[2]string]bool{}
	for a, abi := range l.arches {
		if !l.used(a) {
			continue
		}
		detours, whole := userland.Detours(l.Policy, abi, l.target.Kernel, l.work.spend)
		if !whole {
			l.work.miss(profile.Warning, "calls that do what rules with conditions deny")
		}
		for _, d := range detours {
			key := [2]string{d.From.Call, d.To.Call}
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

// detourText says what the other call does.
//
// "openat(0x0, 0x0, 0x40) on x86_64 gets ERRNO(1), but openat2 does the same, with its
// flags in memory where no filter sees them, and gets ALLOW".
func detourText(d *userland.Detour, p *seccomp.Policy) string {
	denied := solve.CallText(d.From.Call, d.ABI, d.Denied.Args)
	if d.Unseen() {
		return fmt.Sprintf("%s gets %v, but %s does the same, with its %s in memory where no filter sees them, and gets %v",
			denied, p.Evaluate(&d.Denied), d.To.Call, d.Aspect.What, p.Evaluate(&d.Witness))
	}
	return fmt.Sprintf("%s gets %v, but %s does the same and gets %v",
		denied, p.Evaluate(&d.Denied), solve.ArgsText(d.To.Call, d.Witness.Args), p.Evaluate(&d.Witness))
}

// aboutDetour reports a detour at the condition that it goes round. One that rules cannot
// look into is a Failure: no condition mends it, and ENOSYS for the whole call does.
func (l *linter) aboutDetour(d *userland.Detour) {
	severity, code := profile.Warning, profile.Code("sibling-open")
	if d.Unseen() {
		severity, code = profile.Failure, "sibling-unseen"
		errno := uint32(errnos.ENOSYS(l.target.Arch).Data())
		l.mend(answered(l.p, l.applied, []string{d.To.Call}, "SCMP_ACT_ERRNO", &errno)...)
	}
	path := "defaultAction"
	for i := range l.Parts {
		part := &l.Parts[i]
		j := slices.IndexFunc(part.Args, func(a seccomp.Arg) bool { return a.Index == d.From.On(d.ABI) })
		if j < 0 || !slices.Contains(part.Names, d.From.Call) {
			continue
		}
		path = resolution.RulePath(part.Doc)
		if k := l.argOf(part, j); k >= 0 {
			path = resolution.ArgPath(part.Doc, k)
		}
		break
	}
	l.noteCall(&d.Witness, severity, code, l.of(path), "", "%s", detourText(d, l.Policy))
}

// applied says whether a rule of the document applies to the target. A rule whose includes or
// excludes drop it there has no parts.
func (l *linter) applied(doc int) bool {
	_, found := l.part(doc)
	return found
}

// families looks in a list of denials for calls whose siblings are allowed.
//
// Rules with conditions are left out, since they deny a part of a call on purpose. The
// first rule that denies one of a family speaks for it.
func (l *linter) families(abi arch.Arch, told map[[2]string]bool) {
	for i := range userland.Families {
		f := &userland.Families[i]
		for _, part := range l.Parts {
			if len(part.Args) > 0 || !part.Action.Denies() || part.Action == errnos.ENOSYS(abi) || part.Action == errnos.ENOSYS(arch.X86_64) {
				continue // where ENOSYS is meant, programs are to make the others
			}
			from := slices.IndexFunc(part.Names, func(name string) bool { return slices.Contains(f.Calls, name) })
			if from < 0 {
				continue
			}
			if open := f.Open(l.Policy, abi, l.target.Kernel); len(open) > 0 {
				l.aboutFamily(f, &part, from, abi, open, told)
			}
			break
		}
	}
}

// aboutFamily reports the allowed calls of a family, and mends it with a rule that gives
// them the action of the rule that denies the others.
func (l *linter) aboutFamily(f *userland.Family, part *resolution.Part, from int, abi arch.Arch, open []string, told map[[2]string]bool) {
	open = slices.DeleteFunc(open, func(name string) bool { return told[[2]string{f.What, name}] || slices.Contains(part.Names, name) })
	if len(open) == 0 {
		return
	}
	for _, name := range open {
		told[[2]string{f.What, name}] = true
	}
	doc := &l.p.Syscalls[part.Doc]
	j := slices.Index(doc.Names, part.Names[from])
	errno := doc.ErrnoRet
	if number := part.Action.Data(); errno == nil && doc.Errno != "" {
		errno = new(uint32)
		*errno = uint32(number)
	}
	l.mend(answered(l.p, nil, open, doc.Action, errno)...)
	nr, _ := abi.Number(open[0])
	l.noteCall(&seccomp.Call{Audit: abi.Audit(), Nr: nr}, profile.Warning, "sibling-open", l.of(resolution.NamePath(part.Doc, j)), "",
		"%s gets %v on %v, but programs %s as well with %s, allowed here", part.Names[from], part.Action, abi, f.What, strings.Join(open, ", "))
}
