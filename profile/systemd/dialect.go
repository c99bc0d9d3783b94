// SPDX-License-Identifier: Apache-2.0

package systemd

import (
	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/document"
	"github.com/gosieve/sieve/internal/options"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/seccomp"
)

// Dialect is what package profile/dialect knows of this dialect.
var Dialect = &document.Dialect{
	Name: profile.Systemd, Codes: codes, ENOSYS: profile.ENOSYSOff,
	Parse: document.Checked(Parse), Format: format,
	Reader:  func(w document.Writing) profile.ParseOption { return version(w.Version) },
	Unnamed: func(a arch.Arch) (seccomp.Action, bool) { return enosysOf(a), true },
}

// version is Profile.Version as an option of Parse.
type version int

// Set makes a version an option of Parse.
func (v version) Set(o options.Options) options.Options { o.Reader = v; return o }

// Write writes the settings, in a section [Service], that mean what a policy does for the
// first of its ABIs as the native one, read by a version of systemd (Profile.Version).
// That is proved.
//
// The error is a *profile.UnsayableError for what the dialect has no words for: conditions on
// arguments, other actions than ALLOW, LOG, ERRNO and KILL_PROCESS, another action for
// foreign ABIs than KILL_THREAD, an ABI that the native kernel does not run, different
// decisions on one name. What systemd says to numbers without a name cannot be chosen: where
// the list allows, ENOSYS since version 255. Equal policies give equal bytes.
func Write(p *seccomp.Policy, of int) ([]byte, error) {
	return Dialect.Write(p, document.Writing{Version: of})
}
