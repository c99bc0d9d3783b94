// SPDX-License-Identifier: Apache-2.0

package minijail

import (
	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/document"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/seccomp"
)

// Dialect is what package profile/dialect knows of this dialect.
var Dialect = &document.Dialect{
	Name: profile.Minijail, Codes: codes, ENOSYS: profile.ENOSYSOff,
	Parse: document.Checked(Parse), Format: format,
	Reader:  func(w document.Writing) profile.ParseOption { return reader{compiler: w.Compiler} },
	Unnamed: func(arch.Arch) (seccomp.Action, bool) { return seccomp.KillThread, false },
}

// Write writes a policy for minijail0, or for the other compiler (Compiler). The document means what the policy does, which is proved.
//
// The error is a *profile.UnsayableError for what the dialect has no words for: more than
// one ABI, another action for foreign ABIs than KILL_THREAD, a default other than
// KILL_THREAD and ALLOW, or for the compiler KILL_PROCESS, TRAP and USER_NOTIF, beside ALLOW
// other decisions than an errno without conditions, other actions than ALLOW and errnos,
// or for the compiler those without a number, ranges of numbers without a name. Equal
// policies give equal bytes.
func Write(p *seccomp.Policy, compiler bool) ([]byte, error) {
	return Dialect.Write(p, document.Writing{Compiler: compiler})
}
