// SPDX-License-Identifier: Apache-2.0

package mesos

import (
	"fmt"

	"github.com/gosieve/sieve/profile"
)

// like returns the profile as one of Docker's family, without what an agent ignores:
// architectures, flags, errnos, the listener and minKernel. Docker would act on those, and
// the converted profile would decide otherwise.
func (p *Profile) like() (*profile.Profile, error) {
	q, err := profile.Parse(p.doc, profile.File(p.file), profile.In(profile.Docker))
	if err != nil {
		return nil, fmt.Errorf("Docker cannot read what an agent takes: %w", err)
	}
	q.DefaultErrnoRet, q.Architectures, q.Flags, q.ListenerPath, q.ListenerMetadata = nil, nil, nil, "", ""
	var rules []profile.Rule
	for _, r := range q.Syscalls {
		r.ErrnoRet = nil
		r.Includes, r.Excludes = asked(r.Includes), asked(r.Excludes)
		rules = append(rules, r)
	}
	q.Syscalls = rules
	return q, nil
}

// asked returns the part of a rule's filter that an agent looks at, nil for none. An empty
// list of arches in includes is not kept: Docker takes it for no condition, an agent for one
// that never holds, and the conversion's proof finds the difference.
func asked(f *profile.Selector) *profile.Selector {
	if f == nil || len(f.Caps) == 0 && len(f.Arches) == 0 {
		return nil
	}
	return &profile.Selector{Caps: f.Caps, Arches: f.Arches}
}
