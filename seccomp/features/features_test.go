// SPDX-License-Identifier: Apache-2.0

package features

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/test/rig"
)

// TestActionsByRank: the kernel is asked for every action.
func TestActionsByRank(t *testing.T) { assert.Equal(t, rig.Actions(), actionsByRank) }

func TestHasBitmap(t *testing.T) {
	tests := map[string]struct {
		native arch.Arch
		kernel arch.Kernel
		want   Answer
	}{
		"new enough":       {arch.X86_64, 5<<8 | 11, Yes},
		"too old":          {arch.X86_64, 5<<8 | 10, No},
		"another":          {arch.S390X, 6 << 8, Yes},
		"MIPS":             {arch.MIPSEL64, 6 << 8, No},
		"unknown kernel":   {arch.AArch64, 0, Unknown},
		"MIPS, any kernel": {arch.MIPS, 0, No},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) { assert.Equal(t, tt.want, hasBitmap(tt.native, tt.kernel)) })
	}
}

func TestAnswer(t *testing.T) {
	for a, want := range map[Answer]string{Unknown: "unknown", No: "no", Yes: "yes", 7: "Answer(7)"} {
		text, err := a.MarshalText()
		require.NoError(t, err)
		assert.Equal(t, want, string(text))
	}
}
