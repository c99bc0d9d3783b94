// SPDX-License-Identifier: Apache-2.0

package proof

import (
	"testing"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/seccompdata"
	"github.com/gosieve/sieve/seccomp"
	"github.com/stretchr/testify/require"
)

// workloads are those of bench, which measures them beside other compilers.
var workloads = []string{"W1", "W1m", "W2", "W3", "W4", "W5"}

// BenchmarkCompile measures from a policy to a filter, and reports how long the
// filter is.
func BenchmarkCompile(b *testing.B) {
	for _, name := range workloads {
		b.Run(name, func(b *testing.B) {
			policy := workload(b, name)
			filter, err := policy.Compile()
			require.NoError(b, err)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := policy.Compile(); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(len(filter[0])), "insns")
		})
	}
}

// BenchmarkRun measures one decision. The kernel pays for each instruction that
// it executes, so their number stands beside the time.
func BenchmarkRun(b *testing.B) {
	calls := map[string]uint32{"read": 0, "close": 3, "socket": 41, "clone": 56, "personality": 135, "openat": 257, "unknown": 470}
	for _, name := range workloads {
		filter, err := workload(b, name).Compile()
		require.NoError(b, err)
		for _, call := range []string{"read", "close", "socket", "clone", "personality", "openat", "unknown"} {
			b.Run(name+"/"+call, func(b *testing.B) {
				c := seccomp.Call{Audit: arch.X86_64.Audit(), Nr: calls[call]}
				d := seccompdata.Of(c.Audit, c.Nr, c.IP, &c.Args)
				executed := 0
				filter[0].Trace(&d, func(int) { executed++ })
				b.ReportAllocs()
				for b.Loop() {
					filter[0].Run(&d)
				}
				b.ReportMetric(float64(executed), "insns/op")
			})
		}
	}
}
