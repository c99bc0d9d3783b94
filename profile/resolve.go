// SPDX-License-Identifier: Apache-2.0

package profile

import (
	"fmt"
	"slices"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/resolution"
	"github.com/gosieve/sieve/internal/scmp"
	"github.com/gosieve/sieve/internal/solve"
	"github.com/gosieve/sieve/internal/text"
	"github.com/gosieve/sieve/seccomp"
)

// Resolve makes the policy that the document means for a target: what runc with
// libseccomp would decide there, but for the deviations that have a diagnostic of
// their own. The document's own rules come first, in its order; then ENOSYS by
// number; then the calls through socketcall and ipc.
//
// The diagnostics are those of Parse and then those of the target, errors
// included. The error is the first of these: an *Error that wraps ErrProfile, or
// ErrTarget if the document asks what the target does not say. Equal arguments
// give equal results; nothing is asked of the machine.
//
//	p := profile.DockerDefault()
//	policy, _, err := p.Resolve(profile.Target{Arch: arch.X86_64, Kernel: kernel, Caps: profile.DockerCaps()})
func (p *Profile) Resolve(t Target, opts ...Option) (*seccomp.Policy, []Diagnostic, error) {
	r := p.resolver(t, opts)
	policy := r.resolve()
	if r.Observe != nil {
		r.Observe(r.resolution(policy))
	}
	r.countDropped()
	if r.err != nil {
		return nil, r.diags, r.err
	}
	return policy, r.diags, nil
}

// resolver begins to resolve: it holds the profile's own warnings and what the options say.
// Clip keeps what is added later out of the profile.
func (p *Profile) resolver(t Target, opts []Option) *resolver {
	if p == nil {
		p = new(Profile) // which is refused
	}
	r := &resolver{p: p, target: t, diags: slices.Clip(p.Warnings)}
	for _, opt := range opts {
		if opt != nil {
			opt.Apply(&r.Options)
		}
	}
	return r
}

// resolve returns the policy, or nil if the target or the words are invalid. If r.err is
// set, use the policy only for linting.
//
// The stages: Validate refuses words; readTarget finds the ABIs and the default;
// collectRules makes parts of the rules that apply; findDeciders finds for each number which
// parts decide it; compareOverlaps compares those; writePolicy writes rules.
func (r *resolver) resolve() *seccomp.Policy {
	err := r.p.Validate()
	if err == nil {
		err = r.readTarget()
	}
	if err != nil {
		r.err = err.(*Error)
		r.diags = append(append(r.diags, r.err.Diagnostic), r.err.Also...)
		return nil
	}
	r.collectRules()
	r.findDeciders()
	r.compareOverlaps()
	return r.writePolicy()
}

// countDropped says how many diagnostics were not kept.
func (r *resolver) countDropped() {
	if r.dropped > 0 {
		r.diags = append(r.diags, Diagnostic{Severity: Info, Code: "more-warnings",
			Message: fmt.Sprintf("%d more diagnostics", r.dropped), Place: Place{File: r.p.source.file}})
	}
}

// resolver makes a policy. Its rules are the document's that apply to the target,
// in parts where a part has conditions of its own.
type resolver struct {
	resolution.Options
	p      *Profile
	target Target
	diags  []Diagnostic
	err    *Error

	dropped, suggested int // diagnostics beyond the limit, names that were looked up

	arches []arch.Arch
	def    seccomp.Action
	rules  []resolution.Part
	args   arena[seccomp.Arg]
	index  resolution.Index
	list   []int // of an entry's rules, for whoever looks at them next
	rank   bool  // rules are to be tried by how restrictive they are
	made   bool  // a program made the rules, and there is no text to edit

	missing []resolution.Ranges // by ABI: numbers that get ENOSYS
	witness *seccomp.Call       // of the diagnostic that is being made
	edits   []Edit              // and what mends it
}

// readTarget finds what the target filters by default.
func (r *resolver) readTarget() error {
	if !r.target.Arch.Valid() {
		return r.badTarget("the target's ABI %v is unknown", r.target.Arch)
	}
	for _, c := range r.target.Caps {
		if len(c) < 5 || c[:4] != "CAP_" {
			return r.badTarget("the target's capability %q is no name like CAP_CHOWN", text.Clip(c))
		}
	}
	r.def = scmp.ActionWith(r.p.DefaultAction, r.p.number(r.p.DefaultErrno, r.p.DefaultErrnoRet, r.target.Arch))
	r.arches = r.p.arches(r.target.Arch)
	r.noteDocument()
	return nil
}

func (r *resolver) badTarget(format string, args ...any) *Error {
	d := Diagnostic{Severity: Failure, Code: "target", Message: fmt.Sprintf(format, args...)}
	return &Error{Diagnostic: d, Kind: ErrTarget}
}

// arches are the ABIs to filter on a host: its own, and what the document adds.
//
// The host's own is the first, also where the document does not list it, as libseccomp
// has it in every filter. Of archMap the first entry for the host counts.
func (p *Profile) arches(host arch.Arch) []arch.Arch {
	list := make([]arch.Arch, 1, 4)
	list[0] = host
	add := func(tokens []string) {
		for _, token := range tokens {
			if a, ok := scmp.Arch(token); ok && !slices.Contains(list, a) {
				list = append(list, a)
			}
		}
	}
	add(p.Architectures)
	for i := range p.ArchMap {
		if a, _ := scmp.Arch(p.ArchMap[i].Architecture); a == host && (p.Dialect != Podman || podmanMaps(host)) {
			add(p.ArchMap[i].SubArchitectures)
			break
		}
	}
	return list
}

// collectRules makes rules of what applies to the target.
func (r *resolver) collectRules() {
	r.rules = make([]resolution.Part, 0, len(r.p.Syscalls))
	for i := range r.p.Syscalls {
		doc := &r.p.Syscalls[i]
		if !r.applies(i) {
			continue
		}
		if len(doc.Names) == 0 {
			r.mend(removing(resolution.RulePath(i)))
			r.note(Warning, "no-names", doc.at.rule, resolution.RulePath(i), "", "the rule names no system call")
			continue
		}
		action := scmp.ActionWith(doc.Action, r.p.number(doc.Errno, doc.ErrnoRet, r.target.Arch))
		r.noteRule(i, action)
		r.addRule(resolution.Part{Doc: i, Arches: ^uint32(0), Names: doc.Names, Action: action, Default: action == r.def})
	}
}

// addRule adds a rule with its conditions: one part for all of them or, where an
// argument has several, a part for each, as runc does.
//
//	args: [{index 0, EQ 1}, {index 0, EQ 2}] is two parts, of which either may match
//	args: [{index 0, EQ 1}, {index 1, EQ 2}] is one part, of which both must hold
func (r *resolver) addRule(part resolution.Part) {
	doc := &r.p.Syscalls[part.Doc]
	args := r.args.room(len(doc.Args))
	for j := range doc.Args {
		args = append(args, doc.Args[j].condition())
	}
	r.addWith(part, args)
}

// addWith adds a part with conditions, which it may change.
func (r *resolver) addWith(part resolution.Part, args []seccomp.Arg) {
	if len(args) == 0 {
		part.Always = ^uint32(0)
		r.rules = append(r.rules, part)
		return
	}
	if !r.Narrow || len(part.Names) == 0 {
		r.addParts(part, args)
		return
	}
	// Names whose arguments have other widths need conditions of their own.
	for _, group := range narrowGroups(part.Names, args) {
		part.Names = group.names
		r.addParts(part, group.args)
	}
}

// addParts adds the parts of a rule with conditions.
//
// As in runc all conditions of such a rule stand alone, those on other arguments too. A
// condition whose mask is 0 always holds and is dropped.
func (r *resolver) addParts(part resolution.Part, args []seccomp.Arg) {
	size := len(args)
	if solve.Repeats(args) && !r.And {
		size = 1
	}
	for ; len(args) > 0; args = args[size:] {
		part.Args = args[:size:size]
		part.Always = 0
		for a, abi := range r.arches {
			if alwaysHold(part.Args, abi) {
				part.Always |= 1 << a
			}
		}
		part.Args = slices.DeleteFunc(part.Args, func(a seccomp.Arg) bool {
			return a.Op == seccomp.MaskedEQ && a.Mask == 0
		})
		r.rules = append(r.rules, part)
	}
}

// condition is the condition in the terms of a policy.
func (a *Arg) condition() seccomp.Arg {
	return scmp.Condition(a.Index, a.Op, a.Value, a.ValueTwo)
}

// alwaysHold says whether libseccomp would see no condition: all have a mask
// without a bit that the argument can have, and want none of those it cannot.
//
// It depends on the ABI: a mask of 0xffffffff00000000 looks at nothing on one of 32 bits.
// An empty list always holds.
func alwaysHold(args []seccomp.Arg, abi arch.Arch) bool {
	for _, a := range args {
		if a.Op != seccomp.MaskedEQ || a.Mask&solve.Most(a, abi) != 0 || a.Mask&a.Value != 0 {
			return false
		}
	}
	return true
}

// group is names whose conditions are the same.
type group struct {
	names []string
	args  []seccomp.Arg
}

// narrowGroups sets Narrow in the conditions on arguments that the kernel reads as
// 32 bits or less.
//
// A rule for [read, socket] on argument 0 would have an int for both, and on argument 1 a
// pointer for one and an int for the other: two groups.
func narrowGroups(names []string, args []seccomp.Arg) []group {
	var groups []group
	for _, name := range names {
		own := slices.Clone(args)
		for i := range own {
			bits, ok := arch.Width(name, own[i].Index)
			own[i].Narrow = own[i].Narrow || ok && bits <= 32
		}
		i := slices.IndexFunc(groups, func(g group) bool { return slices.Equal(g.args, own) })
		if i < 0 {
			i = len(groups)
			groups = append(groups, group{args: own})
		}
		groups[i].names = append(groups[i].names, name)
	}
	return groups
}

// findDeciders finds which rules decide each call: per ABI and number the first without
// conditions, or else all with some. Rules equal to the default never count.
//
// Numbers and not names are what counts: where two names have one number on an ABI, rules
// for either are rules for both. Parts of one rule with the same names share what was
// looked up.
func (r *resolver) findDeciders() {
	r.index.Begin(r.arches, r.rules)
	for i := range r.rules {
		part := &r.rules[i]
		if i > 0 && sameNames(part, &r.rules[i-1]) {
			part.Entries = r.rules[i-1].Entries
		} else {
			part.Entries = r.index.Find(part)
			r.noteNames(part)
		}
		if part.Default {
			continue
		}
		for j := range part.Calls() {
			for a := range r.arches {
				r.index.Add(r.index.Of(part, j, a), i, part.Always&(1<<a) != 0)
			}
		}
	}
}

// sameNames says whether two parts have one list of names. It compares addresses, as
// parts of one rule share it.
func sameNames(a, b *resolution.Part) bool {
	return a.Doc == b.Doc && a.Arches == b.Arches && len(a.Numbers)+len(b.Numbers) == 0 &&
		len(a.Names) == len(b.Names) && &a.Names[0] == &b.Names[0]
}

// writePolicy writes the rules down, those of the document first (ruleWriter).
func (r *resolver) writePolicy() *seccomp.Policy {
	w := ruleWriter{resolver: r}
	w.prepare()
	if r.rank {
		w.writeRanked()
	} else {
		for i := range r.rules {
			w.writeRule(i)
		}
	}
	w.writeHeld()
	w.writeENOSYS()
	w.writeCompanions()
	return &seccomp.Policy{Arches: r.arches, Rules: w.out, Default: r.def}
}
