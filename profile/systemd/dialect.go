// SPDX-License-Identifier: Apache-2.0

package systemd

import (
	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/document"
	"github.com/gosieve/sieve/internal/options"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/seccomp"
)

// dialect is what package profile/dialect knows of this dialect.
var dialect = &document.Contract{
	Name: profile.Systemd, Codes: codes, ENOSYS: profile.ENOSYSOff,
	Parse: document.Checked(Parse), Changes: document.Changing((*Profile).changes), Format: format,
	Reader:  func(w document.Writing) profile.ParseOption { return version(w.Version) },
	Unnamed: func(a arch.Arch) (seccomp.Action, bool) { return enosysOf(a), true },
}

// version is Profile.Version as an option of Parse. The writer needs it to read its own
// document again: a set means what it does in the version that was written for.
type version int

// Set makes a version an option of Parse.
func (v version) Set(o options.Options) options.Options { o.Reader = v; return o }

func init() { document.Register(dialect) }
