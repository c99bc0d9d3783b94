// SPDX-License-Identifier: Apache-2.0

package profile

import (
	"errors"

	"github.com/gosieve/sieve/seccomp"
)

// Parse reads a profile.
func Parse(doc []byte, opts ...ParseOption) (*Profile, error) { return nil, errors.ErrUnsupported }

// Resolve makes a policy for a target.
func (p *Profile) Resolve(t Target, opts ...Option) (*seccomp.Policy, []Diagnostic, error) {
	return nil, nil, errors.ErrUnsupported
}

// Host is the machine that the program runs on.
func Host() (Target, error) { return Target{}, errors.ErrUnsupported }

// DockerDefault is Docker's default profile.
func DockerDefault() *Profile { return nil }
