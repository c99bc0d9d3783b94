// SPDX-License-Identifier: Apache-2.0

//go:build !linux

package profile

import (
	"errors"
	"fmt"
)

// Host is the machine that the program runs on, if that is Linux. Elsewhere it
// fails: a policy can be made for any target, but none is at hand.
func Host() (Target, error) {
	return Target{}, fmt.Errorf("%w: this machine does not run Linux: %w", ErrTarget, errors.ErrUnsupported)
}
