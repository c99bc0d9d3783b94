// SPDX-License-Identifier: Apache-2.0

package spo

import (
	"cmp"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/document"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/seccomp"
)

// Dialect is what package profile/dialect knows of this dialect.
var Dialect = &document.Dialect{
	Name: profile.SPO, Codes: codes, ENOSYS: profile.ENOSYSRunc,
	Parse: document.Checked(Parse), Format: format,
	Flags: func(d document.Document, k arch.Kernel) seccomp.Flags { return d.(*Profile).Seccomp.InstallFlags(k) },
	Like:  func(d document.Document) (*profile.Profile, error) { return d.(*Profile).Seccomp, nil },
	Keep:  keep,
}

// Write writes an object of kind SeccompProfile of that name, or "profile" if it is empty,
// of API v1. It means what the policy does, for the first of the policy's ABIs as the host,
// where it is read with a mode of ENOSYS: nil is runc's, and profile.ENOSYSOff crun's. That
// is proved.
//
// The error is a *profile.UnsayableError for what no document of Docker's family says, and for
// what such an object cannot: a default errno other than EPERM, errno 0 and tracers' numbers
// above 4095, values above 2^63-1, architectures that the schema does not have. A name that
// is none for an object is such an error too. Equal policies give equal bytes.
func Write(p *seccomp.Policy, name string, enosys profile.Option) ([]byte, error) {
	return Dialect.Write(p, document.Writing{Name: name, ENOSYS: enosys})
}

// format writes a policy.
func format(p *seccomp.Policy, w document.Writing) ([]byte, error) {
	doc, err := document.Family(p, w)
	if err != nil {
		return nil, err
	}
	return keep(doc, p.Arches[:1], w)
}

// keep writes a profile of Docker's family.
func keep(p *profile.Profile, _ []arch.Arch, w document.Writing) ([]byte, error) {
	q := *p
	q.Dialect = profile.OCI
	return manifestOf(cmp.Or(w.Name, "profile"), &q)
}
