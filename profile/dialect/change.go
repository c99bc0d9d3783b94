// SPDX-License-Identifier: Apache-2.0

package dialect

import (
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/profile/grant"
	"github.com/gosieve/sieve/seccomp"
)

// Changes are changes to a document, or to the target, after each of which it allows
// a call, the narrowest first: see grant.Changes. What belongs at the place
// of a change is in the document's own language.
func Changes(d Document, t profile.Target, c seccomp.Call, opts ...profile.Option) ([]grant.Change, error) {
	if p, ok := d.(*profile.Profile); ok {
		return grant.Changes(p, t, c, opts...)
	}
	f, ok := d.(interface {
		Changes(profile.Target, seccomp.Call, ...profile.Option) ([]grant.Change, error)
	})
	if !ok {
		return nil, nil
	}
	return f.Changes(t, c, opts...)
}
