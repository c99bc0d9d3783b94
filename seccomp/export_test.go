// SPDX-License-Identifier: Apache-2.0

package seccomp

// What tests of the package's outside need of its inside.
var (
	Supervised = (*Policy).supervised
	ViewOf     = func(p *Policy, c *Call) (Decision, [6]uint64) { v := p.view(c); return v.explain(c), v.bits }
)

const WithListener = withListener
