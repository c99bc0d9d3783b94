// SPDX-License-Identifier: Apache-2.0

package seccomp

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestActionRuns: what may let a call run, and what never does.
func TestActionRuns(t *testing.T) {
	tests := map[Action]struct{ runs, denies bool }{
		Allow:       {runs: true},
		Log:         {runs: true},
		Trace(7):    {},
		Notify:      {},
		Errno(0):    {denies: true},
		Errno(38):   {denies: true},
		Trap(3):     {denies: true},
		KillThread:  {denies: true},
		KillProcess: {denies: true},
	}
	for action, want := range tests {
		assert.Equal(t, want.runs, action.Runs(), "%v runs", action)
		assert.Equal(t, want.denies, action.Denies(), "%v denies", action)
	}
}
