// SPDX-License-Identifier: Apache-2.0

package baseline

import (
	"cmp"
	"slices"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/artifact"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/seccomp"
)

// Document is a profile that was read: *profile.Profile, which oci.From makes of a
// *specs.LinuxSeccomp too, or *dialect.Document.
type Document interface {
	Resolve(t profile.Target, opts ...profile.Option) (*seccomp.Policy, []profile.Diagnostic, error)
	InstallFlags(kernel seccomp.Flags) seccomp.Flags
}

// Baseline is a node's own profile, and how others are held to it. Its methods change
// nothing: several goroutines may call them.
type Baseline struct {
	// Document is the profile that nothing may go beyond.
	Document Document
	// Targets are the machines, with their kernels and capabilities, for which an artifact
	// is checked. A node has one: profile.Host, with the container's capabilities. Without
	// any, Check takes every machine that Go programs run on, with the newest kernel and
	// Docker's capabilities; of machines of 32 bits whose programs also run on 64, those
	// that Document lists.
	Targets []profile.Target
	// Options are given to Resolve, for the artifact and for Document. Narrow and AndRepeated read
	// rules as runc does not: they are for OwnFilters.
	Options []profile.Option
	// Limits bound the work on each machine. Fields of 0 are 1<<22 steps, some tenths of a
	// second, and 64 MB.
	Limits seccomp.Limits
	// Size is the largest artifact in bytes, 1 MiB if 0, and Entries the most rules of it
	// for one call, 128 if 0. What else bounds an artifact is in proportion to the
	// two: 8 names and 128 rules, as runc makes them, for each of the entries.
	Size, Entries int
	// OwnFilters says that the node installs filters which Sieve makes. Without it an artifact is
	// refused as undecided whose rules are of a kind that libseccomp is known to compile to
	// something else than they say, if that may be looser.
	OwnFilters bool
	// Sets is how many looser sets a LooserError lists at most, 16 if 0.
	Sets int
}

// Parse reads an artifact: a profile of the OCI runtime specification, unless profile.In
// says otherwise. A document that is larger than Size wraps profile.ErrLimit.
func (b *Baseline) Parse(text []byte, opts ...profile.ParseOption) (*profile.Profile, error) {
	limits := b.bounds()
	return profile.Parse(text, append([]profile.ParseOption{profile.In(profile.OCI), profile.Limits(limits.Size, 32)}, opts...)...)
}

// bounds are the limits of an artifact.
func (b *Baseline) bounds() artifact.Limits {
	l := artifact.Default()
	if b == nil {
		return l
	}
	if b.Size > 0 {
		l.Size = b.Size
	}
	if b.Entries > 0 {
		l.Entries, l.Clauses, l.Names, l.All = b.Entries, 2*b.Entries, 8*b.Entries, 128*b.Entries
	}
	return l
}

// machines are the targets of Check.
func (b *Baseline) machines() []profile.Target {
	if len(b.Targets) > 0 {
		return b.Targets
	}
	var list []profile.Target
	for _, a := range arch.All() {
		if a.GOARCH() == "" || a.Bits() == 32 && besideWider(a) && !lists(b.Document, a) {
			continue
		}
		list = append(list, profile.Target{Arch: a, Kernel: arch.Newest, Caps: profile.DockerCaps()})
	}
	return list
}

// besideWider says whether a kernel that runs an ABI may run one of 64 bits beside it.
func besideWider(a arch.Arch) bool {
	return slices.ContainsFunc(a.Beside(), func(b arch.Arch) bool { return b.Bits() == 64 })
}

// lists says whether a document names an ABI as a machine's.
func lists(d Document, a arch.Arch) bool {
	p := profileOf(d)
	return p != nil && (slices.Contains(p.Architectures, a.Token()) ||
		slices.ContainsFunc(p.ArchMap, func(m profile.ArchMap) bool { return m.Architecture == a.Token() }))
}

// profileOf is the document as a profile of Docker's family, nil for one of another dialect.
func profileOf(d Document) *profile.Profile {
	switch d := d.(type) {
	case *profile.Profile:
		return d
	case interface{ Profile() *profile.Profile }:
		return d.Profile()
	}
	return nil
}

// limits are those of one question.
func (b *Baseline) limits() seccomp.Limits {
	return seccomp.Limits{Steps: cmp.Or(max(b.Limits.Steps, 0), 1<<22), Memory: cmp.Or(max(b.Limits.Memory, 0), 64<<20)}
}
