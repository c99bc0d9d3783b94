// SPDX-License-Identifier: Apache-2.0

package proof

import (
	"testing"

	"github.com/gosieve/sieve/seccomp"
	"github.com/stretchr/testify/require"
)

func TestMayRun(t *testing.T) {
	for a, want := range map[seccomp.Action]bool{
		seccomp.Allow: true, seccomp.Log: true, seccomp.Trace(1): true, seccomp.Notify: true,
		seccomp.Errno(1): false, seccomp.Trap(1): false, seccomp.KillThread: false, seccomp.KillProcess: false,
	} {
		require.Equal(t, want, mayRun(a), "%v", a)
	}
}
