// SPDX-License-Identifier: Apache-2.0

package dialect

import (
	"errors"
	"fmt"
	"strings"

	"github.com/gosieve/sieve/internal/codes"
	"github.com/gosieve/sieve/internal/document"
	"github.com/gosieve/sieve/profile"
	_ "github.com/gosieve/sieve/profile/firecracker"
	_ "github.com/gosieve/sieve/profile/mesos"
	_ "github.com/gosieve/sieve/profile/minijail"
	_ "github.com/gosieve/sieve/profile/spo"
	_ "github.com/gosieve/sieve/profile/systemd"
)

// ErrDialect is what errors wrap about a dialect that is unknown, or that a document
// does not tell.
var ErrDialect = errors.New("unknown dialect")

// dialects are all dialects, in the order in which they are listed: Docker's family first.
// The others register when their packages, which are imported for that, are initialized.
var dialects = [...]*document.Contract{
	docker, podman, oci,
	document.Registered(profile.Mesos),
	document.Registered(profile.SPO),
	document.Registered(profile.Systemd),
	document.Registered(profile.Minijail),
	document.Registered(profile.Firecracker),
}

// Names are all dialects, Docker's own first.
func Names() []profile.Dialect {
	var names []profile.Dialect
	for _, d := range dialects {
		names = append(names, d.Name)
	}
	return names
}

// find is the dialect of a name. An unknown one is an error that lists all.
func find(name profile.Dialect) (*document.Contract, error) {
	for _, d := range dialects {
		if d.Name == name {
			return d, nil
		}
	}
	return nil, fmt.Errorf("%w %q, want %s", ErrDialect, string(name), list(Names(), "or"))
}

// Codes are the codes of all diagnostics and what they stand for: those of package profile
// and its neighbours, and those of the other dialects, which begin with the dialect's name.
func Codes() map[profile.Code]string {
	all := map[profile.Code]string{}
	for _, r := range codes.All() {
		all[profile.Code(r.Code)] = r.Meaning
	}
	for _, d := range dialects {
		for _, c := range d.Codes {
			all[c.Code] = c.Meaning
		}
	}
	return all
}

// list returns names as a sentence has them: "docker, podman or oci". last stands between the
// last two.
func list(names []profile.Dialect, last string) string {
	words := make([]string, len(names))
	for i, n := range names {
		words[i] = string(n)
	}
	if n := len(words); n > 1 {
		words = append(words[:n-2], words[n-2]+" "+last+" "+words[n-1])
	}
	return strings.Join(words, ", ")
}
