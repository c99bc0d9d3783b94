// SPDX-License-Identifier: Apache-2.0

package scmp_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/internal/scmp"
	"github.com/gosieve/sieve/internal/test/rig"
	"github.com/gosieve/sieve/seccomp"
)

// TestActions: every action has a word, and every word is in the list.
func TestActions(t *testing.T) {
	word := map[seccomp.Action]string{}
	for _, name := range scmp.Actions {
		a, _, ok := scmp.Action(name)
		require.True(t, ok, name)
		word[a] = name
	}
	for _, a := range rig.Actions() {
		require.Contains(t, word, a, "%v", a)
	}
}
