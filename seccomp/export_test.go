// SPDX-License-Identifier: Apache-2.0

package seccomp

import (
	"fmt"

	"github.com/gosieve/sieve/bpf"
	"github.com/gosieve/sieve/internal/symbolic"
)

// What tests of the package's outside need of its inside.
var (
	Supervised = (*Policy).supervised
	ViewOf     = func(p *Policy, c *Call) (Decision, [6]uint64) { v := p.view(c); return v.explain(c), v.bits }
)

const WithListener = withListener

// InParts proves a filter in parts, however few conditions the policy has.
func (f Filter) InParts(p *Policy) (*Call, error) {
	found, _, err := f.inParts(p, symbolic.Limits{})
	if found == nil {
		return nil, err
	}
	return callOf(bpf.Data(*found)), err
}

// Whole proves a filter by the diagram of the whole.
func (f Filter) Whole(p *Policy) error {
	asked, err := newQuestion(p, f, symbolic.Limits{})
	if err != nil {
		return err
	}
	found, err := asked.Decide()
	if err == nil && found != nil {
		err = fmt.Errorf("%v differs", describeCall(callOf(bpf.Data(*found))))
	}
	return err
}
