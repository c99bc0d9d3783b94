// SPDX-License-Identifier: Apache-2.0

package dialect

import (
	"encoding/json"
	"fmt"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/profile"
)

// keepFamily writes a profile as it is in a dialect of package profile.
func keepFamily(p *profile.Profile, d profile.Dialect) ([]byte, error) {
	q := *p
	q.Dialect = d
	doc, err := json.Marshal(&q)
	if err != nil {
		return nil, err
	}
	return indented(doc)
}

func keepDocker(p *profile.Profile, _ []arch.Arch, _ Options) ([]byte, error) {
	return keepFamily(p, profile.Docker)
}

// keepOCI writes a profile without Docker's own keys. Comments, which change nothing,
// are left out.
func keepOCI(p *profile.Profile, _ []arch.Arch, _ Options) ([]byte, error) {
	if where := depends(p); where != nil {
		return nil, &UnsayableError{OCI, shortened(where)}
	}
	q := *p
	q.Syscalls = nil
	for _, r := range p.Syscalls {
		r.Comment = ""
		q.Syscalls = append(q.Syscalls, r)
	}
	return keepFamily(&q, profile.OCI)
}

// depends is where a document asks what the machine is.
func depends(p *profile.Profile) []string {
	var where []string
	if len(p.ArchMap) > 0 {
		where = append(where, "archMap, which lists ABIs by machine")
	}
	for i := range p.Syscalls {
		r := &p.Syscalls[i]
		if r.Includes != nil {
			where = append(where, about(i, "includes", r.Includes))
		}
		if r.Excludes != nil {
			where = append(where, about(i, "excludes", r.Excludes))
		}
	}
	return where
}

// about says what a filter asks.
func about(i int, key string, f *profile.Filter) string {
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

// likeMesos is a Mesos profile as one of Docker's family: what an agent does not
// look at is left out.
func likeMesos(d Document) (*profile.Profile, error) {
	m := d.(*mesosDocument)
	p, err := profile.Parse(m.doc, profile.File(m.file), profile.Docker)
	if err != nil {
		return nil, fmt.Errorf("Docker cannot read what an agent takes: %w", err)
	}
	p.DefaultErrnoRet, p.Architectures, p.Flags, p.ListenerPath, p.ListenerMetadata = nil, nil, nil, "", ""
	var rules []profile.Rule
	for _, r := range p.Syscalls {
		r.ErrnoRet = nil
		r.Includes, r.Excludes = asked(r.Includes), asked(r.Excludes)
		rules = append(rules, r)
	}
	p.Syscalls = rules
	return p, nil
}

// asked is what an agent looks at of a filter, nil if that is nothing.
func asked(f *profile.Filter) *profile.Filter {
	if f == nil || len(f.Caps) == 0 && len(f.Arches) == 0 {
		return nil
	}
	return &profile.Filter{Caps: f.Caps, Arches: f.Arches}
}
