// SPDX-License-Identifier: Apache-2.0

package minijail

import (
	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/document"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/seccomp"
)

// dialect is what package profile/dialect knows of this dialect.
var dialect = &document.Contract{
	Name: profile.Minijail, Codes: codes, ENOSYS: profile.ENOSYSOff,
	Parse: document.Checked(Parse), Changes: document.Changing((*Profile).changes), Format: format,
	Reader:  func(w document.Writing) profile.ParseOption { return reader{compiler: w.Compiler} },
	Unnamed: func(arch.Arch) (seccomp.Action, bool) { return seccomp.KillThread, false },
}

func init() { document.Register(dialect) }
