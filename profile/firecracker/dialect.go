// SPDX-License-Identifier: Apache-2.0

package firecracker

import (
	"github.com/gosieve/sieve/internal/document"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/seccomp"
)

// Dialect is what package profile/dialect knows of this dialect.
var Dialect = &document.Dialect{
	Name: profile.Firecracker, Codes: codes, ENOSYS: profile.ENOSYSOff, BadArch: seccomp.KillProcess,
	Parse: document.Checked(Parse), Format: format,
	Threads: func(d document.Document) []string { return d.(*Profile).Threads() },
	Thread: func(d document.Document, thread string) document.Document {
		p := *d.(*Profile)
		p.Thread = thread
		return &p
	},
}

// Write writes a document with one filter, for threads of that name, or "main" if it is
// empty. It means what the policy does, which is proved.
//
// The error is a *profile.UnsayableError for what the dialect has no words for: more than
// one ABI, more than two actions, another action for foreign ABIs than KILL_PROCESS,
// numbers without a name, USER_NOTIF, TRAP with a number. Equal policies give equal bytes.
func Write(p *seccomp.Policy, thread string) ([]byte, error) {
	return Dialect.Write(p, document.Writing{Thread: thread})
}
