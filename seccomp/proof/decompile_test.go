// SPDX-License-Identifier: Apache-2.0

package proof_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/bpf"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/proof"
)

// TestDecompileWorkloads goes there and back: the policy of a filter compiles to
// a filter that is equal, and is proved against the policy that the first came from.
func TestDecompileWorkloads(t *testing.T) {
	for _, name := range []string{"W1-docker", "W1m-docker", "W2-allow350", "W2m-allow350", "W3-deny44", "W3m-deny44", "W4-args", "W4m-args", "W5-sentry"} {
		t.Run(name, func(t *testing.T) {
			p := workload(t, name)
			f, err := p.Compile()
			require.NoError(t, err)
			q, err := proof.Decompile(f)
			require.NoError(t, err)
			t.Logf("%d rules of %d", len(q.Rules), len(p.Rules))
			back, err := q.Compile()
			require.NoError(t, err)
			require.NoError(t, proof.Prove(back, p))
			_, same, err := proof.EqualPrograms(f[0], back[0])
			require.NoError(t, err)
			require.True(t, same)
		})
	}
}

func TestDecompile(t *testing.T) {
	x86 := arch.X86_64.Audit()
	tests := map[string]struct {
		filter seccomp.Filter
		want   *seccomp.Policy
		err    string
	}{
		"one answer for all": {filter: seccomp.Filter{returns(seccomp.Errno(5))}, want: &seccomp.Policy{Default: seccomp.Errno(5), BadArch: seccomp.Errno(5)}},
		"a call, and a number without a name": {
			filter: seccomp.Filter{bpf.Program{
				{Op: 0x20, K: 4}, {Op: 0x15, Jf: 4, K: x86}, {Op: 0x20}, {Op: 0x15, Jt: 1, K: 3}, {Op: 0x15, Jf: 2, K: 9999}, {Op: 0x06, K: uint32(seccomp.Allow)}, {Op: 0x06}, {Op: 0x06, K: 0x50001}}},
			want: &seccomp.Policy{Arches: []arch.Arch{arch.X86_64, arch.X32}, Default: seccomp.Errno(1), Rules: []seccomp.Rule{
				{Arches: []arch.Arch{arch.X86_64}, Syscalls: []string{"close"}, Numbers: []seccomp.Range{{From: 9999, To: 9999}}, Action: seccomp.Allow},
			}},
		},
		"the instruction pointer": {
			filter: seccomp.Filter{bpf.Program{{Op: 0x20, K: 4}, {Op: 0x15, Jf: 2, K: x86}, {Op: 0x20, K: 8}, {Op: 0x15, Jt: 1, K: 7}, {Op: 0x06}, {Op: 0x06, K: 0x50001}}},
			err:    "instruction pointer",
		},
		"an unknown architecture": {
			filter: seccomp.Filter{bpf.Program{{Op: 0x20, K: 4}, {Op: 0x15, Jf: 1, K: 0x1234}, {Op: 0x06}, {Op: 0x06, K: 0x50001}}},
			err:    "AUDIT_ARCH 0x1234 call 0",
		},
		"an answer out of an argument": {filter: seccomp.Filter{computes()}, err: "computes its answer"},
		"the upper half on 32 bits": {
			filter: seccomp.Filter{bpf.Program{{Op: 0x20, K: 4}, {Op: 0x15, Jf: 2, K: arch.X86.Audit()}, {Op: 0x20, K: 20}, {Op: 0x15, Jt: 1}, {Op: 0x06}, {Op: 0x06, K: 0x50001}}},
			err:    "upper half of argument 0",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := proof.Decompile(tt.filter)
			if tt.err != "" {
				require.ErrorIs(t, err, proof.ErrUndecided)
				require.ErrorContains(t, err, tt.err)
				return
			}
			require.NoError(t, err)
			require.Equal(t, tt.want, got)
		})
	}
}
