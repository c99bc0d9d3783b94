// SPDX-License-Identifier: Apache-2.0

package seccomp_test

import (
	"syscall"
	"testing"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/test/kerneltest"
	"github.com/gosieve/sieve/seccomp"
	"github.com/stretchr/testify/require"
)

// TestKernelStack has the running kernel decide by 10,000 values of an argument,
// which take several programs.
func TestKernelStack(t *testing.T) {
	native := arch.Native()
	nr, ok := native.Number("getppid") // which looks at no argument
	require.True(t, ok)
	policy := &seccomp.Policy{Arches: []arch.Arch{native}, Default: seccomp.Allow}
	for i := range uint64(10000) {
		policy.Rules = append(policy.Rules, seccomp.Rule{Syscalls: []string{"getppid"}, Args: []seccomp.Arg{{Index: 1, Op: seccomp.EQ, Value: 3 * i}}, Action: seccomp.Errno(uint16(64 + i%2))})
	}
	filter, err := policy.Compile()
	require.NoError(t, err)
	require.Greater(t, len(filter), 2)
	job := kerneltest.Job{Programs: filter}
	var want []kerneltest.Result
	for i := uint64(0); i < 30003; i += 619 {
		job.Calls = append(job.Calls, kerneltest.Call{Nr: nr, Args: [6]uint64{1: i}})
		c := seccomp.Call{Audit: native.Audit(), Nr: nr, Args: [6]uint64{1: i}}
		r := kerneltest.Result{}
		if a := policy.Evaluate(&c); a != seccomp.Allow {
			r.Errno = syscall.Errno(a.Data())
		}
		want = append(want, r)
	}
	got := job.Run(t)
	for i := range got {
		if got[i].Errno == 0 {
			got[i].Value = 0 // a process id
		} else {
			got[i].Value = want[i].Value
		}
	}
	require.Equal(t, want, got)
}
