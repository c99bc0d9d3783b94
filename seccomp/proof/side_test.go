// SPDX-License-Identifier: Apache-2.0

package proof

import (
	"testing"

	"github.com/gosieve/sieve/bpf"
	"github.com/gosieve/sieve/seccomp"
	"github.com/stretchr/testify/require"
)

func TestSideValidate(t *testing.T) {
	tests := map[string]struct {
		side Side
		want error
	}{
		"the zero side":              {Side{}, seccomp.ErrPolicy},
		"a nil policy":               {Of[*seccomp.Policy](nil), seccomp.ErrPolicy},
		"a nil filter allows all":    {Of[seccomp.Filter](nil), nil},
		"a policy":                   {Of(&seccomp.Policy{}), nil},
		"a policy without meaning":   {Of(&seccomp.Policy{Default: 0x12340000}), seccomp.ErrPolicy},
		"a program without a return": {Of(seccomp.Filter{{{Op: bpf.OpLdAbs}}}), bpf.ErrInvalid},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) { require.ErrorIs(t, tt.side.validate(), tt.want) })
	}
}

// TestOfCopies: the list of programs is the side's own.
func TestOfCopies(t *testing.T) {
	f := seccomp.Filter{{{Op: bpf.OpRetK, K: uint32(seccomp.Allow)}}}
	s := Of(f)
	f[0] = bpf.Program{{Op: bpf.OpRetK}}
	require.Equal(t, seccomp.Allow, s.action(&seccomp.Call{}))
}
