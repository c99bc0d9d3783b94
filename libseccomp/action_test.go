// SPDX-License-Identifier: Apache-2.0

package seccomp

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/internal/test/rig"
)

// TestFromAction: every action of package seccomp has one here, and the way back.
func TestFromAction(t *testing.T) {
	all := levels[len(levels)-1]
	levelLock.Lock()
	before, was := present, asked
	present, asked = all, true
	levelLock.Unlock()
	t.Cleanup(func() {
		levelLock.Lock()
		present, asked = before, was
		levelLock.Unlock()
	})
	for _, a := range rig.Actions() {
		here := fromAction(a)
		require.NoError(t, here.known(), "%v", a)
		back, err := here.action()
		require.NoError(t, err, "%v", a)
		require.Equal(t, a, back)
	}
}
