// SPDX-License-Identifier: Apache-2.0

package dialect

import (
	"errors"
	"fmt"
	"reflect"
	"slices"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/document"
	"github.com/gosieve/sieve/internal/scmp"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/seccomp"
)

// Conversion takes documents from one dialect to another.
type Conversion struct {
	To profile.Dialect
	// Target is what a document is resolved for where its structure is not kept.
	Target profile.Target
	// Resolve writes what the document means for the target alone: for consumers
	// that do not look at includes, excludes and archMap.
	Resolve bool
	Options
}

// Convert writes a document that means the same in another dialect. Options are those
// for resolving the source, whose own tool's ENOSYS mode is the default.
//
// docker, podman, oci and mesos have rules and conditions in common: between those the
// rules and their conditions on the machine are kept, and the proof is for every
// machine, capability and kernel that the document mentions, each alone, none of
// them, and all. A document in another dialect, and with Resolve in any, is resolved for
// the target first, and the proof is for that.
//
// The error is an *profile.UnsayableError that names what the other dialect has no words
// for, with the place in the document where there is one; or the source's own. The
// diagnostics are the source's for the target.
func (c Conversion) Convert(d *Document, opts ...profile.Option) ([]byte, []profile.Diagnostic, error) {
	if d.empty() {
		return nil, nil, errNil
	}
	to, err := find(c.To)
	if err != nil {
		return nil, nil, err
	}
	if c.ENOSYS == nil {
		c.ENOSYS = to.ENOSYS
	}
	opts = append([]profile.Option{d.dialect.ENOSYS}, opts...)
	policy, diagnostics, err := d.Resolve(c.Target, opts...)
	if err != nil {
		return nil, diagnostics, err
	}
	doc, err := c.written(d, to, policy, opts)
	var e *profile.UnsayableError
	if errors.As(err, &e) {
		err = c.withoutENOSYS(d, to, policy, opts, err)
	}
	return doc, diagnostics, err
}

// withoutENOSYS replaces an error by one about the document alone, if there is such a
// one. runc answers ENOSYS to calls above the highest that a docker document names. A
// reason that speaks of ENOSYS would send the author looking for it in a document without
// it.
func (c Conversion) withoutENOSYS(d *Document, to *document.Contract, policy *seccomp.Policy, opts []profile.Option, err error) error {
	opts = append(slices.Clone(opts), profile.ENOSYSOff)
	said, _, failed := d.Resolve(c.Target, opts...)
	if failed != nil || equalRules(said, policy) {
		return err
	}
	if c.Unnamed != nil {
		c.Unnamed = func(profile.Diagnostic) {}
	}
	_, own := c.written(d, to, said, opts)
	var e *profile.UnsayableError
	switch {
	case own == nil:
		return to.Unsayable("the answers of ENOSYS that runc adds to the document, for calls that it does not name")
	case errors.As(own, &e):
		return own
	}
	return err
}

// written returns the document in the other dialect, by the first way that is open: rule by
// rule for all machines (kept), rule by rule for the target (flat), or from the policy. A later
// way loses more of what the author wrote, and none changes what is decided.
func (c *Conversion) written(d *Document, to *document.Contract, policy *seccomp.Policy, opts []profile.Option) ([]byte, error) {
	var err error
	if d.dialect.Like != nil {
		if c.Like, err = d.dialect.Like(d.read); err != nil && !c.Resolve {
			return nil, to.Unsayable("%v", err)
		}
	}
	switch {
	case !c.Resolve && !c.NativeOnly && !c.KillProcess && d.dialect.Like != nil && to.Keep != nil:
		return c.kept(d, to, opts)
	case !c.Resolve && c.Like != nil && depends(c.Like) != nil:
		return nil, unsayable(c.To, depends(c.Like))
	}
	if doc := c.flat(d, to, opts); doc != nil {
		return doc, nil
	}
	if err := c.flags(to); err != nil {
		return nil, err
	}
	return Write(c.To, policy, c.Options)
}

// flat writes the rules that apply to the target as their author wrote them, nil if they
// cannot be kept. That is no error: other rules may mean the same, and Write finds those.
func (c *Conversion) flat(d *Document, to *document.Contract, opts []profile.Option) []byte {
	if c.Like == nil || to.Keep == nil || c.NativeOnly || c.KillProcess {
		return nil
	}
	p, err := c.Like.Flatten(c.Target)
	if err != nil {
		return nil
	}
	if to.ForMachine != nil {
		to.ForMachine(p, c.Target.Arch)
	}
	doc, err := to.Keep(p, []arch.Arch{c.Target.Arch}, c.writing())
	if err != nil {
		return nil
	}
	again, err := to.Parse(doc, profile.File("written"))
	if err != nil || c.agree(d, again, to, c.Target, opts) != nil {
		return nil
	}
	return doc
}

// flags refuses to lose what a document asks beside decisions: flags and a listener, for
// which dialects without Dialect.Flags have no words.
func (c *Conversion) flags(to *document.Contract) error {
	l := c.Like
	if l == nil || to.Flags != nil { // the others have both
		return nil
	}
	if len(l.Flags) > 0 || l.ListenerPath != "" || l.ListenerMetadata != "" {
		return to.Unsayable("flags and a listener")
	}
	return nil
}

// kept writes the document's own rules with their conditions on the machine, and proves that
// both documents mean the same for every target that the rules can tell apart.
func (c *Conversion) kept(d *Document, to *document.Contract, opts []profile.Option) ([]byte, error) {
	p, err := c.Like, error(nil)
	if c.To != profile.Podman {
		p, err = numeric(c.To, p, c.hosts())
	}
	var doc []byte
	if err == nil {
		doc, err = to.Keep(p, c.hosts(), c.writing())
	}
	if err != nil {
		return nil, err
	}
	again, err := to.Parse(doc, profile.File("written"))
	if err != nil {
		return nil, to.Unsayable("what it would have to be is refused: %v", err)
	}
	targets := c.targets()
	if len(targets) > mostTargets {
		return nil, to.Unsayable("the document tells more than %d targets apart, too many to prove", mostTargets)
	}
	for _, t := range targets {
		if err := c.agree(d, again, to, t, opts); err != nil {
			return nil, err
		}
	}
	return doc, nil
}

// mostTargets bounds the proof: each target takes about a millisecond. Docker's own default
// tells some 400 apart.
const mostTargets = 4096

// agree compares what two documents mean for a target. If both are refused there, they
// agree. Equal rules need no proof, and most targets give equal rules.
func (c *Conversion) agree(d *Document, again document.Document, to *document.Contract, t profile.Target, opts []profile.Option) error {
	p, _, first := d.Resolve(t, opts...)
	q, _, second := again.Resolve(t, c.ENOSYS)
	switch {
	case first != nil && second != nil:
		return nil
	case first != nil:
		return to.Unsayable("on %v this is an error: %v", t.Arch, first)
	case second != nil:
		return to.Unsayable("on %v it is refused: %v", t.Arch, second)
	case equalRules(p, q):
		return nil
	}
	err := to.Differ(p, q, again, t, c.writing())
	var e *profile.UnsayableError
	if errors.As(err, &e) {
		e.Reasons = append([]string{fmt.Sprintf("on %v, kernel %v, with capabilities %v", t.Arch, t.Kernel, t.Caps)}, e.Reasons...)
	}
	return err
}

// equalRules reports whether two policies have the same rules in the same order, wherever
// these come from. It is the quick answer before a proof.
func equalRules(p, q *seccomp.Policy) bool {
	if p.Default != q.Default || p.BadArch != q.BadArch || !slices.Equal(p.Arches, q.Arches) || len(p.Rules) != len(q.Rules) {
		return false
	}
	for i := range p.Rules {
		a, b := p.Rules[i], q.Rules[i]
		a.Origin, b.Origin = seccomp.Origin{}, seccomp.Origin{}
		if !reflect.DeepEqual(a, b) {
			return false
		}
	}
	return true
}

// targets are the targets that the document may tell apart, and the one that was given:
// every machine that it names, with every set of capabilities and every kernel.
// Conditions are lists of names of which all or any must hold, so that no name, each
// alone, all together, and the given set reach each side of every condition.
func (c *Conversion) targets() []profile.Target {
	var list []profile.Target
	sets, kernels := c.capabilities(), c.kernels()
	for _, host := range c.hosts() {
		for _, caps := range sets {
			for _, kernel := range kernels {
				list = append(list, profile.Target{Arch: host, Kernel: kernel, Caps: caps})
			}
			if len(list) > mostTargets {
				return list
			}
		}
	}
	return list
}

// filters are the includes and excludes of the document's rules, those that are there.
func (c *Conversion) filters() []*profile.Selector {
	var list []*profile.Selector
	for i := range c.Like.Syscalls {
		for _, f := range []*profile.Selector{c.Like.Syscalls[i].Includes, c.Like.Syscalls[i].Excludes} {
			if f != nil {
				list = append(list, f)
			}
		}
	}
	return list
}

// hosts are the machines that the document names in archMap or in a filter, behind the
// one that was given. A name counts in Docker's spelling and in Podman's.
func (c *Conversion) hosts() []arch.Arch {
	hosts := []arch.Arch{c.Target.Arch}
	add := func(a arch.Arch) {
		if a.Valid() && !slices.Contains(hosts, a) {
			hosts = append(hosts, a)
		}
	}
	for _, m := range c.Like.ArchMap {
		if a, err := arch.Parse(m.Architecture); err == nil {
			add(a)
		}
	}
	for _, f := range c.filters() {
		for _, name := range f.Arches {
			for _, a := range arch.All() {
				if scmp.DockerMachine(a) == name || scmp.Machine(a) == name {
					add(a)
				}
			}
		}
	}
	return hosts
}

// capabilities are the sets to try: the target's, none, all that the document names, and
// each of those alone.
func (c *Conversion) capabilities() [][]string {
	var mentioned []string
	for _, f := range c.filters() {
		for _, name := range f.Caps {
			if len(name) > 4 && name[:4] == "CAP_" && !slices.Contains(mentioned, name) {
				mentioned = append(mentioned, name)
			}
		}
	}
	sets := [][]string{c.Target.Caps}
	if mentioned != nil {
		sets = append(sets, nil, mentioned)
		for i := range mentioned {
			sets = append(sets, mentioned[i:i+1])
		}
	}
	return sets
}

// kernels are the target's, and for each minKernel that one and the one before it.
func (c *Conversion) kernels() []arch.Kernel {
	kernels := []arch.Kernel{c.Target.Kernel}
	for _, f := range c.filters() {
		if f.MinKernel == nil {
			continue
		}
		for _, k := range []arch.Kernel{*f.MinKernel, max(*f.MinKernel, 2) - 1} {
			if !slices.Contains(kernels, k) {
				kernels = append(kernels, k)
			}
		}
	}
	return kernels
}
