// SPDX-License-Identifier: Apache-2.0

package proof

import (
	"errors"
	"fmt"
	"slices"

	"github.com/gosieve/sieve/internal/settings"
	"github.com/gosieve/sieve/seccomp"
)

// Compile compiles a policy and proves the filter (Prove) before it returns it. It fails
// if that is not possible within the limits (seccomp.Within), which compiling and proving
// each have in full. For Docker's default profile and three ABIs the proof takes about as
// long as compiling.
//
// Errors are those of Policy.Compile and of Prove. If the filter was made but not proved,
// the error wraps ErrUndecided and names the call with the most conditions. Compile panics
// if the filter differs from its policy, because that is a defect of package seccomp.
func Compile(p *seccomp.Policy, opts ...seccomp.Option) (seccomp.Filter, error) {
	busiest := ""
	filter, err := p.Compile(append(slices.Clip(opts), func(s *settings.Settings) { s.Busiest = &busiest })...)
	if err != nil {
		return nil, err
	}
	err = Prove(filter, p, opts...)
	if different := (*Counterexample)(nil); errors.As(err, &different) {
		panic("proof: compiled filter differs from its policy: " + err.Error())
	}
	if err != nil {
		return nil, unproved(busiest, err)
	}
	return filter, nil
}

// unproved is the error for a filter that was made and not proved. It names the call with
// the most conditions (busiest, "" if no call has any) and says what would do.
func unproved(busiest string, err error) error {
	switch {
	case !errors.Is(err, ErrUndecided):
		return err
	case busiest == "":
		return fmt.Errorf("the filter is compiled and not proved: %w: raise the limit (Within)", err)
	}
	return fmt.Errorf("%s: the filter is compiled and not proved: %w: raise the limit (Within), or write fewer conditions for that call", busiest, err)
}
