// SPDX-License-Identifier: Apache-2.0

package document

import (
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/seccomp"
)

// Explain is what a document decides on a call. The error is that of Resolve.
func Explain(d resolver, t profile.Target, c *seccomp.Call, opts []profile.Option) (seccomp.Decision, error) {
	policy, _, err := d.Resolve(t, opts...)
	if err != nil {
		return seccomp.Decision{}, err
	}
	return policy.Explain(c), nil
}

// Runs reports whether a call runs under a document. It is the test of every proposed
// change: a document that cannot be resolved any more does not let the call run.
func Runs(d resolver, t profile.Target, c *seccomp.Call, opts []profile.Option) bool {
	decision, err := Explain(d, t, c, opts)
	return err == nil && decision.Action.Runs()
}

// resolver is what Explain asks of a Document.
type resolver interface {
	Resolve(profile.Target, ...profile.Option) (*seccomp.Policy, []profile.Diagnostic, error)
}
