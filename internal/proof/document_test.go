// SPDX-License-Identifier: Apache-2.0

package proof

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/document"
	"github.com/gosieve/sieve/internal/test/shared"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/proof"
	"github.com/stretchr/testify/require"
)

// TestDocuments writes what was decompiled as documents, reads them back and proves
// the first filter equal to what they mean. Where a document cannot say it the
// error says why.
func TestDocuments(t *testing.T) {
	said, unsaid := 0, 0
	for _, pattern := range []string{"data/profiles/docker/*.json", "data/workloads/*.json"} {
		for _, file := range shared.Glob(t, pattern) {
			text, err := os.ReadFile(file)
			require.NoError(t, err)
			p, err := profile.Parse(text, profile.File(filepath.Base(file)))
			if err != nil {
				continue // package profile's own tests say which and why
			}
			for _, a := range targets {
				for _, mode := range []profile.Option{profile.ENOSYSRunc, profile.ENOSYSOff} {
					if written(t, p, a, mode) {
						said++
					} else {
						unsaid++
					}
				}
			}
		}
	}
	t.Logf("%d said, %d not", said, unsaid)
	require.Greater(t, said, 400, "few documents were found")
	require.Zero(t, unsaid, "a document could be written for all of these")
}

func written(t *testing.T, p *profile.Profile, a arch.Arch, mode profile.Option) bool {
	target := profile.Target{Arch: a, Kernel: arch.Newest, Caps: profile.DockerCaps()}
	policy, _, err := p.Resolve(target, mode)
	require.NoError(t, err)
	filter, err := policy.Compile()
	require.NoError(t, err)
	decompiled, err := proof.Decompile(filter)
	require.NoError(t, err)
	found, needed, err := document.FromPolicy(decompiled)
	var unsayable *profile.UnsayableError
	if errors.As(err, &unsayable) {
		require.NotEmpty(t, unsayable.Reasons)
		return false
	}
	require.NoError(t, err)
	doc, err := json.Marshal(found)
	require.NoError(t, err)
	again, err := profile.Parse(doc)
	require.NoError(t, err)
	meant, _, err := again.Resolve(target, needed)
	require.NoError(t, err)
	require.NoError(t, proof.Prove(filter, meant), "%s", doc)
	return true
}

// TestUnsayable has one policy for each thing that a document has no words for.
func TestUnsayable(t *testing.T) {
	x64 := []arch.Arch{arch.X86_64}
	one := func(r seccomp.Rule) *seccomp.Policy {
		return &seccomp.Policy{Arches: x64, Default: seccomp.Errno(1), Rules: []seccomp.Rule{r}}
	}
	tests := map[string]struct {
		policy *seccomp.Policy
		want   string
	}{
		"no ABI":            {&seccomp.Policy{}, "no ABI"},
		"a bad-arch action": {&seccomp.Policy{Arches: x64, BadArch: seccomp.KillProcess}, "KILL_PROCESS for foreign ABIs"},
		"an unnamed number": {one(seccomp.Rule{Numbers: []seccomp.Range{{From: 1000, To: 1000}}, Action: seccomp.Allow}), "calls 1000"},
		"scattered values": {one(seccomp.Rule{Syscalls: []string{"read"}, Args: []seccomp.Arg{{Op: seccomp.GE, Value: 1}, {Op: seccomp.LE, Value: 1<<63 - 2},
			{Op: seccomp.GE, Value: 1, Narrow: true}, {Op: seccomp.LE, Value: 1<<31 - 2, Narrow: true}}, Action: seccomp.Allow}), "scattered values of argument 0 of read"},
		"data of TRAP": {one(seccomp.Rule{Syscalls: []string{"read"}, Action: seccomp.Trap(7)}), "action TRAP(7)"},
		"a difference by ABI": {&seccomp.Policy{Arches: []arch.Arch{arch.X86_64, arch.X86}, Default: seccomp.Errno(1),
			Rules: []seccomp.Rule{{Arches: x64, Syscalls: []string{"read"}, Action: seccomp.Allow}}}, "read is decided otherwise on x86 than on x86_64"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			_, _, err := document.FromPolicy(tt.policy)
			var unsayable *profile.UnsayableError
			require.ErrorAs(t, err, &unsayable)
			require.ErrorContains(t, err, tt.want)
		})
	}
}
