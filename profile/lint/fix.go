// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/jsontext"
	"github.com/gosieve/sieve/internal/resolution"
	"github.com/gosieve/sieve/internal/scmp"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/proof"
)

// ErrFix is what errors of Fix wrap where a document cannot be mended.
var ErrFix = errors.New("cannot be mended")

// Fixer mends what is mechanical in the text of a JSON document: docker, oci,
// podman. Order, formatting and unknown keys stay as they are.
type Fixer struct {
	Target  profile.Target        // for which it is proved that the meaning stays
	Parse   []profile.ParseOption // as for Parse
	Resolve []profile.Option      // as for Resolve
	// Unsafe mends what changes the meaning too: swapped operands of MASKED_EQ,
	// a misspelt name with one that is near, SCMP_ACT_KILL, SCMP_CMP_EQ where a
	// program gets around it, a call that is to be answered with ENOSYS, a
	// flag with which the kernel refuses the filter.
	Unsafe bool
}

// Fix mends what some of the diagnostics say, and gives the new document and those
// that it mended. The diagnostics are those of Lint for the document; it may be
// that none of them can be mended, and then the document is the same.
//
// A change counts only if the policy stays the same for every call (proof.Diff),
// with the target's capabilities, with all and with none, on the target's ABI and
// every other that archMap has; the flags and the listener stay too. With Unsafe
// the changes that are meant to change it come first, and the proof is for the
// others. The error wraps ErrFix, or is one of Parse or Resolve.
//
// Edits are kept as places in the old text until the end, so they do not move one
// another. The document is parsed and resolved for each try: of n changes
// a wrong one takes about 2 log n tries, and all of them 2n at most. The work of all tries
// together is bounded (Within); what was not tried then is not mended.
func (f *Fixer) Fix(doc []byte, diags []profile.Diagnostic) (fixed []byte, mended []profile.Diagnostic, err error) {
	root, err := f.tree(string(doc))
	if err != nil {
		return nil, nil, fmt.Errorf("%w: %w", ErrFix, err)
	}
	var safe, unsafe []mending
	for _, d := range diags {
		c, ok := changeFor(string(doc), root, d)
		switch {
		case ok && !c.unsafe:
			safe = append(safe, c)
		case ok && f.Unsafe:
			unsafe = append(unsafe, c)
		}
	}
	text := string(doc)
	work := newBudget(optionsOf(f.Resolve))
	afford := func() bool { return work.spend(stepsPerByte * len(text)) } // for one try
	kept := greedy(nil, unsafe, func(list []mending) bool {
		if !afford() {
			return false
		}
		_, err := f.policies(apply(text, list))
		return err == nil
	})
	base, err := f.policies(apply(text, kept))
	if err != nil {
		return nil, nil, err
	}
	kept = greedy(kept, safe, func(list []mending) bool {
		if !afford() {
			return false
		}
		other, err := f.policies(apply(text, list))
		return err == nil && base.same(other, work)
	})
	for _, c := range kept {
		mended = append(mended, c.diag)
	}
	return []byte(apply(text, kept)), mended, nil
}

// stepsPerByte is how many steps it takes to parse and to resolve a byte of a document.
const stepsPerByte = 8

// greedy adds changes to a list as long as they are right together: all, or else
// what is right of each half.
//
// Halving finds a change that is wrong by itself. Of two that are wrong only together the
// one that comes first is kept.
func greedy(list, more []mending, right func([]mending) bool) []mending {
	if len(more) == 0 {
		return list
	}
	if all := append(slices.Clip(list), more...); right(all) {
		return all
	}
	if half := len(more) / 2; half > 0 {
		return greedy(greedy(list, more[:half], right), more[half:], right)
	}
	return list
}

// meaning is what a document means for some targets.
type meaning struct {
	profile  *profile.Profile
	policies []*seccomp.Policy // nil where the document has none for the target
}

// policies are the document's policies. It is an error if there is none for the
// fixer's own target.
//
// For another target a document may be refused, before and after alike: a nil policy
// stands for that.
func (f *Fixer) policies(text string) (*meaning, error) {
	p, err := profile.Parse([]byte(text), f.Parse...)
	if err != nil {
		return nil, err
	}
	m := &meaning{profile: p}
	for i, t := range f.targets(p) {
		policy, _, err := p.Resolve(t, f.Resolve...)
		if err != nil && i == 0 {
			return nil, err
		}
		m.policies = append(m.policies, policy)
	}
	return m, nil
}

// targets are those for which a document's meaning must stay, the fixer's own first.
//
// With all capabilities every rule applies that includes one, and with none every rule
// that excludes one, so a change in such a rule is seen. The kernel is the fixer's own
// alone.
func (f *Fixer) targets(p *profile.Profile) []profile.Target {
	list := []profile.Target{f.Target}
	hosts := []arch.Arch{f.Target.Arch}
	for i := range p.ArchMap {
		if a, ok := scmp.Arch(p.ArchMap[i].Architecture); ok && !slices.Contains(hosts, a) {
			hosts = append(hosts, a)
		}
	}
	all, _ := profile.ParseCaps("ALL") // which is no error
	for _, a := range hosts {
		for _, caps := range [][]string{f.Target.Caps, nil, all} {
			list = append(list, profile.Target{Arch: a, Kernel: f.Target.Kernel, Caps: caps})
		}
	}
	return list
}

// same says whether two documents mean the same.
//
// An absent list of flags and an empty one are not the same: runc adds SPEC_ALLOW to the
// absent one. A comparison that is undecided counts as different.
func (m *meaning) same(n *meaning, work *budget) bool {
	p, q := m.profile, n.profile
	if (p.Flags == nil) != (q.Flags == nil) || !slices.Equal(p.Flags, q.Flags) ||
		p.ListenerPath != q.ListenerPath || p.ListenerMetadata != q.ListenerMetadata || len(m.policies) != len(n.policies) {
		return false
	}
	for i, a := range m.policies {
		b := n.policies[i]
		if a == nil || b == nil {
			if a != b {
				return false
			}
			continue
		}
		for range work.differences(proof.Of(a), proof.Of(b), 0) {
			return false // different, or undecided
		}
	}
	return true
}

// mending is how a diagnostic is mended: parts of the text that are replaced, or a
// part of a list or an object that goes.
type mending struct {
	diag   profile.Diagnostic
	unsafe bool
	edits  []edit
	gone   []jsontext.Position // the parts of a list or an object that go
}

// edit replaces text[from:to].
type edit struct {
	from, to int
	text     string
}

// changesMeaning are the codes whose edits are meant to change what a document means.
// So are two edits of one condition, which swap its operands, and edits that answer
// calls otherwise.
func changesMeaning(d profile.Diagnostic) bool {
	switch d.Code {
	case "wait-killable", "unknown-syscall", "unknown-capability", "unknown-filter-arch", "wide-bypass", "kill-thread":
		return true
	case "mask-zero", "datum-outside-mask":
		return len(d.Edits) > 1
	}
	return answers(d.Edits)
}

// answers says whether edits add a rule or take calls out of one.
func answers(edits []profile.Edit) bool {
	return slices.ContainsFunc(edits, func(e profile.Edit) bool { return e.Op == resolution.Add || e.Op == resolution.Take })
}

// changeFor is how a diagnostic is mended, false if that is for a person to say.
//
// A warning that a call is denied may be about what its author wants, so it is not mended
// even with Unsafe. A Failure of that kind is.
func changeFor(text string, root *jsontext.Node, d profile.Diagnostic) (mending, bool) {
	c := mending{diag: d, unsafe: changesMeaning(d)}
	if d.Severity < profile.Failure && answers(d.Edits) {
		return c, false // a person has to say whether it is meant
	}
	return c.take(text, root, d.Edits)
}

// apply is the text with all changes. A change in a part that goes, goes with it.
//
// Parts that go are gathered by the list or object around them first, because the comma
// that goes with a part depends on which of its neighbours stay.
func apply(text string, changes []mending) string {
	var gone []edit
	parts := map[*jsontext.Node][]int{}
	for _, c := range changes {
		for _, at := range c.gone {
			parts[at.Around] = append(parts[at.Around], at.Index)
		}
	}
	for n, list := range parts {
		gone = append(gone, without(n, list)...)
	}
	all := slices.Clone(gone)
	for _, c := range changes {
		for _, e := range c.edits {
			if !slices.ContainsFunc(gone, func(g edit) bool { return g.from <= e.from && e.to <= g.to && e.from < g.to }) {
				all = append(all, e)
			}
		}
	}
	slices.SortStableFunc(all, func(a, b edit) int { return a.from - b.from })
	var b strings.Builder
	at := 0
	for _, e := range all {
		if e.from < at {
			continue // inside one that came before, or the same again
		}
		b.WriteString(text[at:e.from])
		b.WriteString(e.text)
		at = e.to
	}
	return b.String() + text[at:]
}

// without are the edits that take parts from a list or an object, with one comma
// each.
//
// Without 1 and 2 of [a, b, c, d] it is [a, d]: parts side by side are one edit, which
// ends where the next part begins. If the last part goes, the comma before it goes too;
// if all go, the list is empty.
func without(n *jsontext.Node, parts []int) []edit {
	slices.Sort(parts)
	parts = slices.Compact(parts)
	count := n.Len()
	var list []edit
	for i := 0; i < len(parts); {
		first := parts[i]
		last := first
		for i++; i < len(parts) && parts[i] == last+1; i++ {
			last = parts[i]
		}
		from, _ := n.Part(first)
		_, to := n.Part(last)
		switch {
		case last+1 < count:
			to, _ = n.Part(last + 1)
		case first > 0:
			_, from = n.Part(first - 1)
		default:
			from, to = n.From+1, n.To-1
		}
		list = append(list, edit{from: from, to: to})
	}
	return list
}
