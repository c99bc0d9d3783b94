// SPDX-License-Identifier: Apache-2.0

package baseline

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/artifact"
	"github.com/gosieve/sieve/internal/resolution"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/proof"
)

// Check proves that an artifact, used in the place of the node's profile, is at most as
// permissive on every one of the machines. It returns nil then, and only then.
//
// The error is a *LooserError if it is not, also where a machine that comes later could not be
// decided. All others mean that it was not proved: a
// *profile.Error for a document that does not resolve or breaks a rule for artifacts, errors
// that wrap proof.ErrUndecided where the limits are met, and the context's.
func (b *Baseline) Check(ctx context.Context, x Document) error {
	if err := b.admissible(x); err != nil {
		return err
	}
	found := LooserError{most: cmp.Or(max(b.Sets, 0), 16)}
	for _, t := range b.machines() {
		err := b.on(ctx, t, x, &found)
		if err != nil && len(found.Findings) == 0 {
			return fmt.Errorf("%v: %w", t.Arch, err)
		}
		if found.More = found.More || err != nil; found.More {
			break
		}
	}
	found.flags(x.InstallFlags(artifact.All), b.Document.InstallFlags(artifact.All))
	if len(found.Findings) > 0 {
		return &found
	}
	return nil
}

// errNil is the error for a document that is not there, with which a runtime would run a
// container without a filter.
var errNil = fmt.Errorf("%w: a document is nil", profile.ErrProfile)

// admissible refuses what breaks a rule for artifacts, before it is resolved.
func (b *Baseline) admissible(x Document) error {
	if b == nil || b.Document == nil || x == nil {
		return errNil
	}
	p := profileOf(x)
	if p == nil {
		return nil
	}
	list := artifact.Check(p, b.bounds())
	if sameListener(p, profileOf(b.Document)) {
		list = slices.DeleteFunc(list, func(d profile.Diagnostic) bool {
			return d.Code == "artifact-listener" || d.Code == "artifact-notify"
		})
	}
	if len(list) == 0 {
		return nil
	}
	kind := profile.ErrProfile
	if artifact.TooMany(list) {
		kind = profile.ErrLimit
	}
	return &profile.Error{Diagnostic: list[0], Also: list[1:], Kind: kind}
}

// sameListener says whether two profiles ask the same supervisor, in the same way.
func sameListener(p, q *profile.Profile) bool {
	return q != nil && q.ListenerPath != "" && p.ListenerPath == q.ListenerPath && p.ListenerMetadata == q.ListenerMetadata &&
		p.InstallFlags(0)&seccomp.WaitKillable == q.InstallFlags(0)&seccomp.WaitKillable
}

// on looks at one machine.
func (b *Baseline) on(ctx context.Context, t profile.Target, x Document, found *LooserError) error {
	theirs, err := b.resolve(x, t, "the artifact")
	if err == nil && !b.OwnFilters {
		err = theirs.kept("the artifact")
	}
	if err != nil {
		return err
	}
	ours, err := b.resolve(b.Document, t, "the baseline")
	if err != nil {
		return err
	}
	runs := artifact.Runs(t.Arch)
	for d, err := range proof.Looser(proof.Of(theirs.policy), proof.Of(ours.policy), seccomp.Within(ctx, b.limits())) {
		if err != nil {
			return err
		}
		if d.ABI != 0 && !slices.Contains(runs, d.ABI) {
			continue // no call comes through it
		}
		if !found.add(Finding{Target: t, Set: d, Artifact: origin(theirs.policy, &d.Call), Baseline: origin(ours.policy, &d.Call)}) {
			return nil
		}
	}
	if b.OwnFilters {
		return nil
	}
	return theirs.through(ours)
}

// resolved is a document for a machine.
type resolved struct {
	policy *seccomp.Policy
	list   []profile.Diagnostic
	found  *resolution.Resolution // nil for a document of another family than Docker's
}

// resolve makes the policy of a document, without ABIs that the machine cannot run: a call that
// is never made needs no answer.
func (b *Baseline) resolve(d Document, t profile.Target, which string, more ...profile.Option) (*resolved, error) {
	r := &resolved{}
	keep := resolution.Observer(func(found *resolution.Resolution) { r.found = found })
	p, list, err := d.Resolve(t, append(append(slices.Clip(b.Options), more...), keep)...)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", which, err)
	}
	q, runs := *p, artifact.Runs(t.Arch)
	q.Arches = slices.DeleteFunc(slices.Clone(p.Arches), func(a arch.Arch) bool { return !slices.Contains(runs, a) })
	r.policy, r.list = &q, list
	return r, nil
}

// Finding is something in which an artifact is looser than the node's profile.
type Finding struct {
	// Target is the machine. It is the zero Target where Flags says what is looser.
	Target profile.Target
	// Set is the calls, with one of them, and the answers of the artifact (A) and of
	// the node's profile (B).
	Set proof.Difference
	// Artifact and Baseline are where the rules stand that decide Set.Call. Where no rule
	// does, Path is "defaultAction", or "architectures" for an ABI that is not listed.
	Artifact, Baseline seccomp.Origin
	// Flags are SPEC_ALLOW if the artifact alone has it, and LOG if the node's alone has it.
	Flags seccomp.Flags
}

// origin is where a policy decides a call.
func origin(p *seccomp.Policy, c *seccomp.Call) seccomp.Origin {
	switch d := p.Explain(c); d.By {
	case seccomp.ByRule:
		return p.Rules[d.Rule].Origin
	case seccomp.ByDefault:
		return seccomp.Origin{Path: "defaultAction"}
	}
	return seccomp.Origin{Path: "architectures"}
}

// String says it in one line, with the places.
func (f Finding) String() string {
	switch f.Flags {
	case seccomp.SpecAllow:
		return "the artifact has the flag SPEC_ALLOW, which takes a mitigation away, and the baseline has not"
	case seccomp.LogAll:
		return "the artifact lacks the flag LOG of the baseline, which writes to the audit log"
	}
	return fmt.Sprintf("%v (the artifact's and the baseline's answer; %v, %v)", f.Set, f.Artifact, f.Baseline)
}

// LooserError says in what an artifact is looser than the node's profile.
type LooserError struct {
	// Findings are at most Baseline.Sets and those about flags.
	Findings []Finding
	// More says that there are more sets of calls than that, or may be.
	More bool

	most int
}

// add takes a set, and says whether another may follow. What another machine has said already,
// of an ABI that both run, is not said twice.
func (e *LooserError) add(f Finding) bool {
	if slices.ContainsFunc(e.Findings, func(o Finding) bool { return o.Set.String() == f.Set.String() }) {
		return true
	}
	if len(e.Findings) == e.most {
		e.More = true
		return false
	}
	e.Findings = append(e.Findings, f)
	return true
}

// flags compares what the documents ask of seccomp(2). That WAIT_KILLABLE_RECV is the
// same is a matter of the listener (sameListener).
func (e *LooserError) flags(theirs, ours seccomp.Flags) {
	has, lacks := artifact.Looser(theirs, ours)
	for _, looser := range []seccomp.Flags{has, lacks} {
		if looser != 0 {
			e.Findings = append(e.Findings, Finding{Flags: looser})
		}
	}
}

// Error lists the findings, a line each after the first.
func (e *LooserError) Error() string {
	if e == nil {
		return "<nil>"
	}
	lines := make([]string, 0, len(e.Findings)+1)
	for _, f := range e.Findings {
		lines = append(lines, f.String())
	}
	if e.More {
		lines = append(lines, "and more")
	}
	return "looser than the baseline: " + strings.Join(lines, "\n")
}
