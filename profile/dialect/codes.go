// SPDX-License-Identifier: Apache-2.0

package dialect

import (
	"slices"

	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/profile/firecracker"
	"github.com/gosieve/sieve/profile/mesos"
	"github.com/gosieve/sieve/profile/minijail"
	"github.com/gosieve/sieve/profile/spo"
	"github.com/gosieve/sieve/profile/systemd"
)

// vocabulary is the diagnostics of a package.
type vocabulary struct {
	codes   func() []profile.Code
	meaning func(profile.Code) string
}

// vocabularies are those of the dialects beside package profile's.
var vocabularies = []vocabulary{
	{mesos.Codes, mesos.Meaning},
	{firecracker.Codes, firecracker.Meaning},
	{minijail.Codes, minijail.Meaning},
	{spo.Codes, spo.Meaning},
	{systemd.Codes, systemd.Meaning},
}

// Codes are the codes of the dialects' own diagnostics, beside those of package
// profile, in alphabetical order.
func Codes() []profile.Code {
	var all []profile.Code
	for _, v := range vocabularies {
		all = append(all, v.codes()...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// Meaning is what a code stands for, of a dialect or of package profile; empty for an
// unknown code.
func Meaning(c profile.Code) string {
	for _, v := range vocabularies {
		if m := v.meaning(c); m != "" {
			return m
		}
	}
	return c.Meaning()
}
