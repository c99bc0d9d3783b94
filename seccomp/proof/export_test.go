// SPDX-License-Identifier: Apache-2.0

package proof

import (
	"fmt"

	"github.com/gosieve/sieve/bpf"
	"github.com/gosieve/sieve/internal/symbolic"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/proof/internal/diagram"
)

// InParts proves a filter in parts, however few conditions the policy has.
func InParts(f seccomp.Filter, p *seccomp.Policy) (*seccomp.Call, error) {
	found, _, err := byCutpoints(f, p, symbolic.Limits{})
	if found == nil {
		return nil, err
	}
	return diagram.CallOf(bpf.Data(*found)), err
}

// Whole proves a filter by the diagram of the whole.
func Whole(f seccomp.Filter, p *seccomp.Policy) error {
	asked, err := newQuestion(Side{policy: p}, Side{filter: f}, different(), symbolic.Limits{})
	if err != nil {
		return err
	}
	found, err := asked.Decide()
	if err == nil && found != nil {
		err = fmt.Errorf("%v differs", diagram.Describe(diagram.CallOf(bpf.Data(*found))))
	}
	return err
}
