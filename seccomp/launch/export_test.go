// SPDX-License-Identifier: Apache-2.0

package launch

import "github.com/gosieve/sieve/seccomp"

// What tests of the package's outside need of its inside.
var (
	Supervised = func(p *seccomp.Policy) (*seccomp.Policy, error) { return supervisedPolicy(p) }
	ViewOf     = func(p *seccomp.Policy, c *seccomp.Call) (seccomp.Decision, [6]uint64) {
		v := newView(p, c)
		return v.explain(c), v.bits
	}
)
