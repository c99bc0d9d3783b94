// SPDX-License-Identifier: Apache-2.0

package spo

import (
	"cmp"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/document"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/seccomp"
)

// dialect is what package profile/dialect knows of this dialect.
var dialect = &document.Contract{
	Name: profile.SPO, Codes: codes, ENOSYS: profile.ENOSYSRunc,
	Parse: document.Checked(Parse), Changes: document.Changing((*Profile).changes), Format: format,
	Flags: func(d document.Document, kernel seccomp.Flags) seccomp.Flags {
		return d.(*Profile).Seccomp.InstallFlags(kernel)
	},
	Like: func(d document.Document) (*profile.Profile, error) { return d.(*Profile).Seccomp, nil },
	Keep: keep,
}

func init() { document.Register(dialect) }

// format writes a policy as an object of API v1, named "profile" if w has no name.
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
