// SPDX-License-Identifier: Apache-2.0

package dialect

import (
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/proof"
)

// Compile is the filter that a document means for a target: Resolve, and
// proof.Compile, which proves that the filter decides every call as the policy does. InstallFlags are the
// flags to install it with.
//
// It is for launchers, which have no use for the policy and the diagnostics. Whoever
// reports those, or chooses how to compile, calls Resolve and proof.Compile itself. Errors are those of
// Resolve and Compile; with profile.Strict a warning is one.
func (d *Document) Compile(t profile.Target, opts ...profile.Option) (seccomp.Filter, error) {
	policy, _, err := d.Resolve(t, opts...)
	if err != nil {
		return nil, err
	}
	return proof.Compile(policy)
}
