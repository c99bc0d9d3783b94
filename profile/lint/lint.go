// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/resolution"
	"github.com/gosieve/sieve/internal/text"
	"github.com/gosieve/sieve/profile"
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
// It takes some milliseconds for a document like Docker's. For one that was written to take
// long, the work is bounded (Within); what is not looked at then is a diagnostic (not-examined).
//
// The parts of Lint are independent, and each adds what it finds. Their order counts
// among findings at one place alone, since the list is sorted by place with a stable
// sort. A nil Profile has the one diagnostic with which Resolve refuses it.
func Lint(p *profile.Profile, t profile.Target, opts ...profile.Option) []profile.Diagnostic {
	list := slices.Clone(look(p, t, opts).diags) // those of Parse stay in their order
	slices.SortStableFunc(list, func(a, b profile.Diagnostic) int {
		return cmp.Or(cmp.Compare(a.Place.Line, b.Place.Line), cmp.Compare(a.Place.Column, b.Place.Column))
	})
	return list
}

// look finds the diagnostics of Lint.
func look(p *profile.Profile, t profile.Target, opts []profile.Option) *linter {
	var found *resolution.Resolution
	keep := resolution.Observer(func(r *resolution.Resolution) { found = r })
	_, diags, err := p.Resolve(t, append(slices.Clip(opts), keep)...)
	l := linter{Resolution: found, p: p, target: t, options: opts, diags: diags, failed: err != nil}
	if found.Policy != nil {
		l.work = newBudget(&found.Options)
		l.begin()
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
		l.unexamined()
		l.count()
	}
	return &l
}

// linter looks on where Resolve ends.
type linter struct {
	*resolution.Resolution
	p       *profile.Profile
	target  profile.Target
	options []profile.Option
	arches  []arch.Arch
	def     seccomp.Action
	work    *budget

	diags   []profile.Diagnostic
	dropped int            // diagnostics beyond mostFindings
	file    string         // of the diagnostic that counts them
	failed  bool           // Resolve refuses the document, or Strict does
	witness *seccomp.Call  // of the diagnostic that is being made
	edits   []profile.Edit // and what mends it
}

// mostFindings is how many diagnostics are kept beside those of Parse.
//
// A document of some megabytes could else have as many diagnostics as bytes. What is
// beyond is counted, and one diagnostic says how many there were.
const mostFindings = 1000

// begin takes over from Resolve.
//
// The last diagnostic of Resolve says how many it did not keep, if there are any. It is
// taken away, and count makes it anew with those of Lint.
func (l *linter) begin() {
	l.arches, l.def = l.Policy.Arches, l.Policy.Default
	if l.dropped = l.Dropped; l.dropped > 0 {
		last := len(l.diags) - 1
		l.file, l.diags = l.diags[last].Place.File, l.diags[:last:last]
	}
}

// count says how many diagnostics were not kept.
func (l *linter) count() {
	if l.dropped > 0 {
		file := cmp.Or(l.file, l.at("", "").File)
		l.diags = append(l.diags, profile.Diagnostic{Severity: profile.Info, Code: "more-warnings",
			Message: fmt.Sprintf("%d more diagnostics", l.dropped), Place: profile.Place{File: file}})
	}
}

// note adds a diagnostic, which Strict makes an error if it is a warning.
//
// It takes the edits of mend, and so they belong to one note. The first error is kept
// however many diagnostics there are, or a refused document could look accepted.
func (l *linter) note(s profile.Severity, code profile.Code, at profile.Place, fix, format string, args ...any) {
	edits := l.edits
	l.edits = nil
	if fix == "" {
		fix = resolution.Fix(edits)
	}
	if l.full(s) {
		l.dropped++
		return
	}
	if s == profile.Warning && l.Strict {
		s = profile.Failure
	}
	l.failed = l.failed || s == profile.Failure
	l.diags = append(l.diags, profile.Diagnostic{Severity: s, Code: code, Message: fmt.Sprintf(format, args...), Place: at, Fix: fix, Edits: edits, Witness: l.witness})
}

// full says whether a diagnostic would only be counted.
func (l *linter) full(s profile.Severity) bool {
	first := !l.failed && (s == profile.Failure || s == profile.Warning && l.Strict)
	return len(l.diags) >= len(l.p.Warnings)+mostFindings && !first
}

// mend says what mends what the next note is about. Where the note has no words for
// it, they are made of the edits.
func (l *linter) mend(edits ...profile.Edit) { l.edits = edits }

// removing is the edit that removes a part.
func removing(path string) profile.Edit { return profile.Edit{Op: resolution.Remove, Path: path} }

// replacing is the edit that writes another value.
func replacing(path, value string) profile.Edit {
	return profile.Edit{Op: resolution.Replace, Path: path, Value: value}
}

// noteCall is note with a witness.
func (l *linter) noteCall(c *seccomp.Call, s profile.Severity, code profile.Code, at profile.Place, fix, format string, args ...any) {
	l.witness = c
	l.note(s, code, at, fix, format, args...)
	l.witness = nil
}

// at is where the document has the part that a path names. The place's own path may
// be another.
func (l *linter) at(of, path string) profile.Place { return profile.Place(l.Place(of, path)) }

// of is the place of the part that a path names.
func (l *linter) of(path string) profile.Place { return l.at(path, path) }

// listed is where the document lists ABIs, as a whole.
func (l *linter) listed() profile.Place {
	if len(l.p.ArchMap) > 0 {
		return l.at("archMap", "")
	}
	return l.at("architectures", "")
}

// document looks at what stands above the rules.
func (l *linter) document() {
	l.foreign()
	l.killThread()
}

// foreign says which ABIs no program on the target can use.
//
// Docker's default lists x32 for x86_64, which is beside it; a list that names ppc64le
// for x86_64 makes the filter longer and decides no call.
func (l *linter) foreign() {
	var list []string
	for _, a := range l.arches[1:] {
		if !slices.Contains(l.arches[0].Beside(), a) {
			list = append(list, a.String())
		}
	}
	if len(list) > 0 {
		l.note(profile.Info, "foreign-arch", l.listed(), "",
			"no call on %v comes through %s", l.arches[0], strings.Join(list, ", "))
	}
}

// killProcess is the first kernel with SECCOMP_RET_KILL_PROCESS
// (include/uapi/linux/seccomp.h).
const killProcess = arch.Kernel(4<<8 | 14)

// killThread says that SCMP_ACT_KILL leaves a process without one of its threads.
//
// It is said once for the default and once for the rules, at the first of them: a
// document with a hundred such rules would else have a hundred equal warnings. Before
// Linux 4.14 there is no other way to kill, so nothing is said then.
func (l *linter) killThread() {
	if l.target.Kernel != 0 && l.target.Kernel < killProcess {
		return
	}
	const format = "%s kills the thread that calls, not the process: others wait for it and for the locks that it holds%s"
	const fix = "write SCMP_ACT_KILL_PROCESS"
	const process = `"SCMP_ACT_KILL_PROCESS"`
	if l.def == seccomp.KillThread {
		l.mend(replacing("defaultAction", process))
		l.note(profile.Warning, "kill-thread", l.of("defaultAction"), fix, format, l.p.DefaultAction, "")
	}
	first, more := -1, 0
	for i, part := range l.Parts {
		switch {
		case part.Action != seccomp.KillThread || part.Default || i > 0 && l.Parts[i-1].Doc == part.Doc:
		case first < 0:
			first = part.Doc
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
	path := resolution.RulePath(first) + ".action"
	l.mend(replacing(path, process))
	l.note(profile.Warning, "kill-thread", l.of(path), fix, format, l.p.Syscalls[first].Action, also)
}

// each looks at every rule by itself.
func (l *linter) each() {
	for i := range l.p.Syscalls {
		l.twice(i)
		if why := contradiction(&l.p.Syscalls[i]); why != "" {
			l.note(profile.Warning, "never-applies", l.of(resolution.RulePath(i)), "", "the rule never applies: %s", why)
		}
	}
}

// twice says which names a rule has twice.
//
// Removing the second is safe: a set of names decides the same.
func (l *linter) twice(i int) {
	doc := &l.p.Syscalls[i]
	seen := make(map[string]struct{}, len(doc.Names))
	for j, name := range doc.Names {
		if _, ok := seen[name]; ok {
			l.mend(removing(resolution.NamePath(i, j)))
			l.note(profile.Info, "duplicate-name", l.of(resolution.NamePath(i, j)), "", "%q stands in the list before", text.Clip(name))
		}
		seen[name] = struct{}{}
	}
}

// contradiction says why no target meets what a rule asks; empty if some may.
//
// excludes drops a rule on any hit and includes keeps it only on all (setupSeccomp of
// moby/profiles), so one capability in both is enough. A kernel is met from its version
// on.
func contradiction(r *profile.Rule) string {
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
			return fmt.Sprintf("both includes and excludes have %q", text.Clip(c))
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

// native is a call by name on the target's own ABI, false if that has none.
func (l *linter) native(name string) (seccomp.Call, bool) {
	a := l.arches[0]
	nr, ok := a.Number(name)
	return seccomp.Call{Audit: a.Audit(), Nr: nr}, ok
}
