// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"fmt"
	"testing"

	"github.com/gosieve/sieve/seccomp/proof"
	"github.com/stretchr/testify/require"
)

// TestUnproved: who is told that a filter is not proved is told the flags that help.
func TestUnproved(t *testing.T) {
	err := unproved(fmt.Errorf("%w: more than 5 steps", proof.ErrUndecided))
	require.ErrorIs(t, err, proof.ErrUndecided)
	require.EqualError(t, err, "undecided: more than 5 steps; --effort 4 works four times as long, --no-prove leaves the proof out")
	other := errors.New("other")
	require.Equal(t, other, unproved(other))
}
