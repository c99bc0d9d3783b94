// SPDX-License-Identifier: Apache-2.0

package mesos

import (
	"github.com/gosieve/sieve/internal/document"
	"github.com/gosieve/sieve/profile"
)

// dialect is what package profile/dialect knows of this dialect.
var dialect = &document.Contract{
	Name: profile.Mesos, Codes: codes, ENOSYS: profile.ENOSYSOff,
	Parse: document.Checked(Parse), Changes: document.Changing((*Profile).changes), Format: format,
	Like: func(d document.Document) (*profile.Profile, error) { return d.(*Profile).like() },
	Keep: keep, ForMachine: forMachine,
}

func init() { document.Register(dialect) }
