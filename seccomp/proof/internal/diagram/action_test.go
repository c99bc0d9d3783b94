// SPDX-License-Identifier: Apache-2.0

package diagram

import (
	"testing"

	"github.com/gosieve/sieve/internal/symbolic"
	"github.com/gosieve/sieve/seccomp"
	"github.com/stretchr/testify/require"
)

func TestEffective(t *testing.T) {
	tests := map[string]struct{ returned, want seccomp.Action }{
		"an errno":                  {seccomp.Errno(1), seccomp.Errno(1)},
		"the largest errno":         {seccomp.Errno(4095), seccomp.Errno(4095)},
		"an errno above it":         {seccomp.Errno(4096), seccomp.Errno(4095)},
		"data of TRAP":              {seccomp.Trap(65535), seccomp.Trap(65535)},
		"data of TRACE":             {seccomp.Trace(65535), seccomp.Trace(65535)},
		"data of ALLOW is ignored":  {seccomp.Allow | 1, seccomp.Allow},
		"data of LOG is ignored":    {seccomp.Log | 1, seccomp.Log},
		"data of NOTIF is ignored":  {seccomp.Notify | 1, seccomp.Notify},
		"data of KILL is ignored":   {seccomp.KillThread | 1, seccomp.KillThread},
		"data of KILL_PROCESS too":  {seccomp.KillProcess | 1, seccomp.KillProcess},
		"an unknown action kills":   {0x00010000, seccomp.KillProcess},
		"one above ALLOW kills too": {0x7fff0000 + 0x10000 - 0x20000, seccomp.KillProcess},
	}
	for kind := range uint32(1 << 16) { // whatever package seccomp takes as an action
		if a := seccomp.Action(kind << 16); a.Validate() == nil {
			tests[a.String()] = struct{ returned, want seccomp.Action }{a, a}
		}
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, tt.want, Effective(tt.returned))
			// The same for a value that a program computes: word 0, here a constant bit by bit.
			g := symbolic.New(symbolic.LittleEndian(), symbolic.Limits{})
			word := g.Computed(symbolic.Input(NrWord, MaxWord))
			n := g.Word(effectiveAnswer(g, word))
			here := g.Equal(symbolic.Input(NrWord, MaxWord), symbolic.Constant(uint32(tt.returned)))
			equal := g.Equal(n, symbolic.Constant(uint32(tt.want)))
			require.Equal(t, here, g.And(here, equal), "computed")
		})
	}
}
