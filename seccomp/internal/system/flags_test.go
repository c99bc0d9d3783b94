// SPDX-License-Identifier: Apache-2.0

package system

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestFlagsOf(t *testing.T) {
	const tsync = uint32(1)
	tests := map[string]struct {
		flags          uint32
		program, asker int
		want, probe    uint32
	}{
		"nobody asks":                     {tsync, 1, -1, tsync, tsync},
		"the asker":                       {tsync | WaitKillable, 1, 1, tsync | WaitKillable | NewListener, tsync},
		"beside the asker":                {tsync | WaitKillable, 0, 1, tsync, tsync},
		"nobody asks, and the flag stays": {WaitKillable, 0, -1, WaitKillable, WaitKillable},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got := FlagsOf(tt.flags, tt.program, tt.asker)
			require.Equal(t, tt.want, got)
			require.Equal(t, tt.probe, probeFlags(got))
		})
	}
}
