// SPDX-License-Identifier: Apache-2.0

package dialect

import (
	"errors"
	"fmt"

	"github.com/gosieve/sieve/internal/document"
	"github.com/gosieve/sieve/internal/options"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/profile/grant"
	"github.com/gosieve/sieve/seccomp"
)

// Document is a document that was read, in any dialect. It does not change: several
// goroutines may use it.
type Document struct {
	dialect *document.Contract
	read    document.Document
}

// Parse reads a document. A profile.Dialect among the options says which it is in; without
// one that is found out, as Detect does. The other options are those of profile.Parse, and those
// of the dialects: minijail.Include reads the files that a policy includes.
//
// Errors are those of the dialect's own package, a *DetectError where the document does not
// tell its dialect, and wrap ErrDialect for a dialect that is none. A mesos document depends
// on its machine: but for syntax, its errors come from Resolve.
func Parse(doc []byte, opts ...profile.ParseOption) (*Document, error) {
	o := options.Of(opts...)
	said := profile.Dialect(o.Dialect)
	switch {
	case said != "":
	case len(doc) > o.Size:
		said = profile.Docker // whose reader refuses it
	default:
		var err error
		if said, doc, err = Detect("", o.File, doc); err != nil {
			return nil, err
		}
	}
	d, err := find(said) // names.go
	if err != nil {
		return nil, err
	}
	opts = append(opts[:len(opts):len(opts)], profile.In(said))
	// The dialect's own reader: profile.Parse for docker, podman and oci (family.go), Parse of
	// the dialect's package for the others (names.go).
	read, err := d.Parse(doc, opts...)
	if err != nil {
		return nil, err
	}
	return &Document{d, read}, nil
}

// errNil is what a document says that was never read.
var errNil = fmt.Errorf("%w: it is nil", profile.ErrProfile)

// empty says whether the document was never read: a nil one, or the zero value.
func (d *Document) empty() bool { return d == nil || d.read == nil }

// Dialect is the one that the document is in.
func (d *Document) Dialect() profile.Dialect {
	if d.empty() {
		return ""
	}
	return d.dialect.Name
}

// Resolve is what the document means for a target, as its own tool would take it; see
// profile.Profile.Resolve. The modes of ENOSYS count in docker, podman, oci, spo and mesos:
// tools of other dialects answer as the document says.
func (d *Document) Resolve(t profile.Target, opts ...profile.Option) (*seccomp.Policy, []profile.Diagnostic, error) {
	if d.empty() {
		return nil, nil, errNil
	}
	return d.read.Resolve(t, opts...)
}

// Changes are changes to the document, or to the target, that make it allow a call, the
// narrowest first: see grant.Changes. The text to insert is in the document's own language.
func (d *Document) Changes(t profile.Target, c seccomp.Call, opts ...profile.Option) ([]grant.Change, error) {
	if d.empty() {
		return nil, errNil
	}
	return d.dialect.Changes(d.read, t, c, opts...)
}

// InstallFlags are the document's flags for installing its filter on a kernel that takes
// those given (features.Flags), as Profile.InstallFlags has them: none in a dialect that
// has none.
func (d *Document) InstallFlags(kernel seccomp.Flags) seccomp.Flags {
	if d.empty() || d.dialect.Flags == nil {
		return 0
	}
	return d.dialect.Flags(d.read, kernel)
}

// Threads are the names of the filters of a document that has several (firecracker), in
// its order; nil in other dialects.
func (d *Document) Threads() []string {
	if d.empty() || d.dialect.Threads == nil {
		return nil
	}
	return d.dialect.Threads(d.read)
}

// Thread is the document with one of its filters chosen, by the name of its threads.
// Whether there is one of that name is found when resolving. Dialects without threads
// give an error.
func (d *Document) Thread(name string) (*Document, error) {
	if d.empty() || d.dialect.Thread == nil {
		return nil, errors.New("no such thread: only firecracker documents have threads")
	}
	return &Document{d.dialect, d.dialect.Thread(d.read, name)}, nil
}

// Profile is the document of a dialect that package profile reads: docker, podman and oci.
// It is nil for any other.
func (d *Document) Profile() *profile.Profile {
	if d.empty() {
		return nil
	}
	p, _ := d.read.(*profile.Profile)
	return p
}
