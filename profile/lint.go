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

// Lint is what Resolve says of a document for a target, and what takes longer to
// find: comparisons that a program gets around, conditions that always or never
// hold, calls that programs need and do not get, and what other tools make of the
// document. It is sorted by place. Unlike Resolve it goes on after an error.
//
// A Failure is what Resolve refuses and, beyond that, one thing that it does not:
// a comparison that does not keep what the document says (wide-bypass). Resolve
// leaves that alone because every runtime does the same; Narrow mends it.
//
// It takes some milliseconds for a document like Docker's.
func (p *Profile) Lint(t Target, opts ...Option) []Diagnostic {
	r := p.resolver(t, opts)
	if policy := r.resolve(); policy != nil {
		l := linter{resolver: r, policy: policy, options: opts}
		l.document()
		l.each()
		l.wide()
		l.conditions()
		l.covered()
		l.probes()
		l.siblings()
		l.unfiltered()
		l.base()
		l.runtimes()
		l.effects()
		l.differs()
	}
	r.count()
	list := slices.Clone(r.diags) // those of Parse stay in their order
	slices.SortStableFunc(list, func(a, b Diagnostic) int {
		return cmp.Or(cmp.Compare(a.Place.Line, b.Place.Line), cmp.Compare(a.Place.Column, b.Place.Column))
	})
	return list
}

// linter looks on where the resolver ends.
type linter struct {
	*resolver
	policy  *seccomp.Policy
	options []Option
}

// noteCall is note with a witness.
func (l *linter) noteCall(c *seccomp.Call, s Severity, code Code, at mark, path, fix, format string, args ...any) {
	l.witness = c
	l.note(s, code, at, path, fix, format, args...)
	l.witness = nil
}

// document looks at what stands above the rules.
func (l *linter) document() {
	l.foreign()
	l.killThread()
}

// foreign says which ABIs no program on the target can use.
func (l *linter) foreign() {
	var list []string
	for _, a := range l.arches[1:] {
		if !slices.Contains(l.arches[0].Beside(), a) {
			list = append(list, a.String())
		}
	}
	if len(list) > 0 {
		l.note(Info, "foreign-arch", max(l.p.at.architectures, l.p.at.archMap), "", "",
			"no call on %v comes through %s", l.arches[0], strings.Join(list, ", "))
	}
}

// killProcess is the first kernel with SECCOMP_RET_KILL_PROCESS
// (include/uapi/linux/seccomp.h).
const killProcess = arch.Kernel(4<<8 | 14)

// killThread says that SCMP_ACT_KILL leaves a process without one of its threads.
func (l *linter) killThread() {
	if l.target.Kernel != 0 && l.target.Kernel < killProcess {
		return
	}
	const format = "%s kills the thread that calls, not the process: others wait for it and for the locks that it holds%s"
	const fix = "write SCMP_ACT_KILL_PROCESS"
	if l.def == seccomp.KillThread {
		l.note(Warning, "kill-thread", l.p.at.defaultAction, "defaultAction", fix, format, l.p.DefaultAction, "")
	}
	first, more := -1, 0
	for i, part := range l.rules {
		switch {
		case part.action != seccomp.KillThread || part.idle || i > 0 && l.rules[i-1].doc == part.doc:
		case first < 0:
			first = part.doc
		default:
			more++
		}
	}
	if first < 0 {
		return
	}
	also := ""
	if more > 0 {
		also = fmt.Sprintf("; so do %d further rules", more)
	}
	doc := &l.p.Syscalls[first]
	l.note(Warning, "kill-thread", cmp.Or(doc.at.action, doc.at.rule), rulePath(first)+".action", fix, format, doc.Action, also)
}

// each looks at every rule by itself.
func (l *linter) each() {
	for i := range l.p.Syscalls {
		l.twice(i)
		if why := contradiction(&l.p.Syscalls[i]); why != "" {
			l.note(Warning, "never-applies", l.p.Syscalls[i].at.rule, rulePath(i), "", "the rule never applies: %s", why)
		}
	}
}

// twice says which names a rule has twice.
func (l *linter) twice(i int) {
	doc := &l.p.Syscalls[i]
	seen := make(map[string]struct{}, len(doc.Names))
	for j, name := range doc.Names {
		if _, ok := seen[name]; ok {
			l.note(Info, "duplicate-name", l.p.nameAt(doc, j), namePath(i, j), "remove it", "%q stands in the list before", clip(name))
		}
		seen[name] = struct{}{}
	}
}

// contradiction says why no target meets what a rule asks; empty if some may.
func contradiction(r *Rule) string {
	in, ex := r.Includes, r.Excludes
	if ex == nil {
		return ""
	}
	if k := ex.MinKernel; k != nil && *k == 0 {
		return "excludes.minKernel is met by every kernel"
	}
	if in == nil {
		return ""
	}
	for _, c := range in.Caps {
		if slices.Contains(ex.Caps, c) {
			return fmt.Sprintf("both includes and excludes have %q", clip(c))
		}
	}
	if in.MinKernel != nil && ex.MinKernel != nil && *in.MinKernel >= *ex.MinKernel {
		return fmt.Sprintf("includes wants kernel %v, excludes none from %v on", *in.MinKernel, *ex.MinKernel)
	}
	if len(in.Arches) > 0 && !slices.ContainsFunc(in.Arches, func(a string) bool { return !slices.Contains(ex.Arches, a) }) {
		return "excludes has all arches that includes has"
	}
	return ""
}

// lets says whether an action may let a call run: all but the denials do.
func lets(a seccomp.Action) bool { return a.Rank() > seccomp.Errno(0).Rank() }

// native is a call by name on the target's own ABI, false if that has none.
func (l *linter) native(name string) (seccomp.Call, bool) {
	a := l.arches[0]
	nr, ok := a.Number(name)
	return seccomp.Call{Audit: a.Audit(), Nr: nr}, ok
}
