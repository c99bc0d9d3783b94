// SPDX-License-Identifier: Apache-2.0

package firecracker

import (
	"github.com/gosieve/sieve/internal/document"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/seccomp"
)

// dialect is what package profile/dialect knows of this dialect.
var dialect = &document.Contract{
	Name: profile.Firecracker, Codes: codes, ENOSYS: profile.ENOSYSOff, BadArch: seccomp.KillProcess,
	Parse: document.Checked(Parse), Changes: document.Changing((*Profile).changes), Format: format,
	Threads: func(d document.Document) []string { return d.(*Profile).Threads() },
	Thread: func(d document.Document, thread string) document.Document {
		p := *d.(*Profile)
		p.Thread = thread
		return &p
	},
}

func init() { document.Register(dialect) }
