// SPDX-License-Identifier: Apache-2.0

package diagram

import (
	"errors"
	"testing"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/bpf"
	"github.com/gosieve/sieve/seccomp"
	"github.com/stretchr/testify/require"
)

func TestPlain(t *testing.T) {
	ret := func(v seccomp.Action) bpf.Program { return bpf.Program{{Op: bpf.OpRetK, K: uint32(v)}} }
	tests := map[string]struct {
		filter seccomp.Filter
		want   bool
	}{
		"no program":                 {nil, true},
		"an errno":                   {seccomp.Filter{ret(seccomp.Errno(4095))}, true},
		"an errno above the largest": {seccomp.Filter{ret(seccomp.Errno(4096))}, false},
		"an unknown action":          {seccomp.Filter{ret(0x12340000)}, false},
		"data that is ignored":       {seccomp.Filter{ret(seccomp.Allow | 1)}, false},
		"one program of two":         {seccomp.Filter{ret(seccomp.Allow), ret(seccomp.Allow | 1)}, false},
		"a computed answer":          {seccomp.Filter{{{Op: bpf.OpRetA}}}, false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) { require.Equal(t, tt.want, Plain(tt.filter)) })
	}
}

func TestFilterABIs(t *testing.T) {
	token := arch.AArch64.Audit()
	f := seccomp.Filter{
		{{Op: bpf.OpJeqK, K: arch.S390X.Audit()}, {Op: bpf.OpJeqK, K: 59}, {Op: bpf.OpJgeK, K: arch.X86.Audit()}},
		{{Op: bpf.OpJeqK, K: token}, {Op: bpf.OpJeqK, K: token}, {Op: bpf.OpJeqK, K: 0x12345678}},
	}
	require.Equal(t, []arch.Arch{arch.S390X, arch.AArch64}, ABIs(f))
	require.Empty(t, ABIs(nil))
}

func TestInProgram(t *testing.T) {
	err := errors.New("no")
	require.EqualError(t, inProgram(make(seccomp.Filter, 1), 0, err), "no")
	require.EqualError(t, inProgram(make(seccomp.Filter, 2), 1, err), "program 1: no")
}
