// SPDX-License-Identifier: Apache-2.0

package proof

import (
	"errors"
	"fmt"

	"github.com/gosieve/sieve/internal/symbolic"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/proof/internal/decompile"
	"github.com/gosieve/sieve/seccomp/proof/internal/diagram"
)

// Decompile makes a policy that means exactly what the filter does, which is proved.
// Rules name calls where their ABI has a name for the number, and give ranges
// of numbers elsewhere. No two rules with different actions match one call, and so their
// order does not matter, unless an order makes them much fewer.
//
// An error wraps bpf.ErrInvalid for a program that the kernel refuses, and
// ErrUndecided, with the reason, for a filter that no policy of at most 16384 rules is
// like, or none that is found within the limits, and for one that looks at the
// instruction pointer, at the upper half of an argument on an ABI of 32 bits or at
// part of an unknown AUDIT_ARCH token, or that computes its answer.
func Decompile(f seccomp.Filter, opts ...seccomp.Option) (*seccomp.Policy, error) {
	if err := diagram.Check(f); err != nil {
		return nil, err
	}
	q, err := newQuestion(Side{filter: f}, Side{filter: seccomp.Filter{}}, different(), limitsOf(opts))
	if err != nil {
		return nil, err
	}
	p, left, err := decompile.Policy(f, q)
	if err != nil {
		return nil, err
	}
	return p, proveDecompiled(f, p, left)
}

// proveDecompiled proves that the policy equals the filter, with what is left of the limits. So
// a mistake in the search for rules gives an error and never a wrong policy.
func proveDecompiled(f seccomp.Filter, p *seccomp.Policy, left symbolic.Limits) error {
	err := prove(f, p, left)
	var wrong *Counterexample
	if errors.As(err, &wrong) {
		return fmt.Errorf("decompiling found a policy that is not the filter's, which is a defect of this package: %w", err)
	}
	return err
}
