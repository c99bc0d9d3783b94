// SPDX-License-Identifier: Apache-2.0

package proof_test

import (
	"cmp"
	"encoding/json"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/test/shared"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/proof"
)

// workload is a policy of the reference material, read as far as the workloads
// go: package profile, which reads documents for good, stands above this one.
func workload(t testing.TB, name string) *seccomp.Policy {
	var doc struct {
		DefaultErrnoRet uint16
		Architectures   []string
		Syscalls        []struct {
			Names  []string
			Action string
			Args   []struct {
				Index           int
				Value, ValueTwo uint64
				Op              string
			}
		}
	}
	require.NoError(t, json.Unmarshal(shared.Read(t, "data/workloads/"+name+".json"), &doc))
	p := &seccomp.Policy{Default: seccomp.Errno(doc.DefaultErrnoRet)}
	if name[:2] == "W3" {
		p.Default = seccomp.Allow
	}
	for _, token := range doc.Architectures {
		abi, err := arch.Parse(token)
		require.NoError(t, err)
		p.Arches = append(p.Arches, abi)
	}
	ops := map[string]seccomp.Op{
		"SCMP_CMP_EQ": seccomp.EQ, "SCMP_CMP_NE": seccomp.NE, "SCMP_CMP_LT": seccomp.LT, "SCMP_CMP_LE": seccomp.LE,
		"SCMP_CMP_GT": seccomp.GT, "SCMP_CMP_GE": seccomp.GE, "SCMP_CMP_MASKED_EQ": seccomp.MaskedEQ,
	}
	for _, s := range doc.Syscalls {
		r := seccomp.Rule{Syscalls: s.Names, Action: seccomp.Allow}
		if s.Action == "SCMP_ACT_ERRNO" {
			r.Action = seccomp.Errno(1)
		}
		for _, a := range s.Args {
			require.NotZero(t, ops[a.Op], a.Op)
			c := seccomp.Arg{Index: a.Index, Op: ops[a.Op], Value: a.Value}
			if c.Op == seccomp.MaskedEQ {
				c.Mask, c.Value = a.Value, a.ValueTwo
			}
			r.Args = append(r.Args, c)
		}
		p.Rules = append(p.Rules, r)
	}
	// What is unconditional decides alone.
	slices.SortStableFunc(p.Rules, func(a, b seccomp.Rule) int { return cmp.Compare(min(len(a.Args), 1), min(len(b.Args), 1)) })
	require.NotEmpty(t, p.Rules)
	return p
}

// BenchmarkProve measures one proof of a workload's filter.
func BenchmarkProve(b *testing.B) {
	for _, name := range []string{"W1-docker", "W1m-docker", "W2-allow350", "W3-deny44", "W4-args", "W4m-args", "W5-sentry"} {
		b.Run(name, func(b *testing.B) {
			p := workload(b, name)
			f, err := p.Compile()
			require.NoError(b, err)
			b.ReportAllocs()
			for b.Loop() {
				if err := proof.Prove(f, p); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(len(f[0])), "insns") // the loop clears what was reported before
		})
	}
}
