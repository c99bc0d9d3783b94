// SPDX-License-Identifier: Apache-2.0

package dialect

import (
	"encoding/json"
	"fmt"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/document"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/profile/grant"
	"github.com/gosieve/sieve/seccomp"
)

// The dialects that package profile reads. Their rules are the same; in all of them runc
// answers ENOSYS to calls above the highest that the document names.
var (
	docker = family(profile.Docker, keepDocker)
	podman = family(profile.Podman, keepPodman)
	oci    = family(profile.OCI, keepOCI)
)

// keeper writes a profile of the family without resolving it. What its dialect cannot say for
// every one of the machines is an error, so that no condition gets lost.
type keeper = func(*profile.Profile, []arch.Arch, document.Writing) ([]byte, error)

// family is the contract of a dialect of package profile. A policy has nothing that OCI's
// documents lack, so that only Podman writes it otherwise: with the names of errnos.
func family(name profile.Dialect, keep keeper) *document.Contract {
	return &document.Contract{
		Name: name, ENOSYS: profile.ENOSYSRunc,
		// Checked (internal/document/contract.go) turns what the reader returns into a document.Document.
		Parse: document.Checked(func(doc []byte, opts ...profile.ParseOption) (*profile.Profile, error) {
			return profile.Parse(doc, append(opts[:len(opts):len(opts)], profile.In(name))...)
		}),
		Changes: document.Changing(grant.Changes),
		Format: func(p *seccomp.Policy, w document.Writing) ([]byte, error) {
			doc, err := document.Family(p, w)
			if err != nil {
				return nil, err
			}
			if name == profile.Podman {
				return keepPodman(doc, p.Arches[:1], w)
			}
			return keepAs(doc, name)
		},
		Flags: func(d document.Document, kernel seccomp.Flags) seccomp.Flags {
			return d.(*profile.Profile).InstallFlags(kernel)
		},
		Like: func(d document.Document) (*profile.Profile, error) { return d.(*profile.Profile), nil },
		Keep: keep,
	}
}

// keepAs writes a profile as JSON in a dialect of package profile. The profile is copied:
// the caller's keeps its dialect.
func keepAs(p *profile.Profile, d profile.Dialect) ([]byte, error) {
	q := *p
	q.Dialect = d
	doc, err := json.Marshal(&q)
	if err != nil {
		return nil, err
	}
	return document.Indented(doc)
}

// keepDocker writes a profile with Docker's keys.
func keepDocker(p *profile.Profile, _ []arch.Arch, _ document.Writing) ([]byte, error) {
	return keepAs(p, profile.Docker)
}

// keepOCI writes a profile without Docker's own keys. Comments, which change nothing,
// are left out.
func keepOCI(p *profile.Profile, _ []arch.Arch, _ document.Writing) ([]byte, error) {
	if where := depends(p); where != nil {
		return nil, unsayable(profile.OCI, where)
	}
	q := *p
	q.Syscalls = nil
	for _, r := range p.Syscalls {
		r.Comment = ""
		q.Syscalls = append(q.Syscalls, r)
	}
	return keepAs(&q, profile.OCI)
}

// unsayable is the error for reasons, of which the first are kept.
func unsayable(d profile.Dialect, reasons []string) error {
	return &profile.UnsayableError{Dialect: d, Reasons: document.Shortened(reasons)}
}

// depends returns where a document asks what the machine is: archMap, includes and
// excludes. A dialect without these can say such a document for one target at a time.
//
//	{"includes": {"caps": ["CAP_SYS_ADMIN"]}}  ->  "syscalls[0].includes caps [CAP_SYS_ADMIN]"
func depends(p *profile.Profile) []string {
	var where []string
	if len(p.ArchMap) > 0 {
		where = append(where, "archMap, which lists ABIs by machine")
	}
	for i := range p.Syscalls {
		r := &p.Syscalls[i]
		if r.Includes != nil {
			where = append(where, asked(i, "includes", r.Includes))
		}
		if r.Excludes != nil {
			where = append(where, asked(i, "excludes", r.Excludes))
		}
	}
	return where
}

// asked says what a rule's filter asks of the machine.
func asked(i int, key string, f *profile.Selector) string {
	text := fmt.Sprintf("syscalls[%d].%s", i, key)
	if len(f.Caps) > 0 {
		text += fmt.Sprintf(" caps %v", f.Caps)
	}
	if len(f.Arches) > 0 {
		text += fmt.Sprintf(" arches %v", f.Arches)
	}
	if f.MinKernel != nil {
		text += fmt.Sprintf(" minKernel %v", f.MinKernel)
	}
	return text
}
