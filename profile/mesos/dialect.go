// SPDX-License-Identifier: Apache-2.0

package mesos

import (
	"github.com/gosieve/sieve/internal/document"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/seccomp"
)

// Dialect is what package profile/dialect knows of this dialect.
var Dialect = &document.Dialect{
	Name: profile.Mesos, Codes: codes, ENOSYS: profile.ENOSYSOff,
	Parse: document.Checked(Parse), Format: format,
	Like: func(d document.Document) (*profile.Profile, error) { return d.(*Profile).like() },
	Keep: keep, ForMachine: forMachine,
}

// Write writes a profile for agents on one machine, that of the first of the policy's
// ABIs. It means what the policy does, which is proved.
//
// The error is a *profile.UnsayableError for what no profile of Docker's family says, and for
// what an agent does not know: errnos and tracers' numbers other than 1, LOG, USER_NOTIF and
// KILL_PROCESS, numbers of 2^63 or more, two conditions on one argument, and ABIs other than
// those of libseccomp 2.5. Equal policies give equal bytes.
func Write(p *seccomp.Policy) ([]byte, error) { return Dialect.Write(p, document.Writing{}) }
