// SPDX-License-Identifier: Apache-2.0

package seccomp_test

import (
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/test/kerneltest"
	"github.com/gosieve/sieve/internal/test/rig"
	"github.com/gosieve/sieve/internal/unfiltered"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/internal/system"
)

// TestKernelUnfiltered holds the kernel to what package unfiltered says of the calls about
// which no filter is asked, under one that denies them. Of x32 it is asked.
func TestKernelUnfiltered(t *testing.T) {
	kernel := system.Kernel()
	require.NotZero(t, kernel)
	const denied = syscall.Errno(77)
	names := []string{"uretprobe", "uprobe"}
	policy := &seccomp.Policy{Arches: []arch.Arch{arch.X86_64, arch.X32}, Default: seccomp.Allow, Rules: []seccomp.Rule{{Syscalls: names, Action: seccomp.Errno(uint16(denied))}}}
	ask := func(t *testing.T, nr uint32, signal syscall.Signal) []kerneltest.Result {
		job := kerneltest.Job{Programs: rig.Compiled(t, policy), Calls: []kerneltest.Call{{Nr: nr}}, WantSignal: signal}
		return job.Run(t)
	}
	for _, name := range names {
		nr, ok := arch.X86_64.Number(name)
		require.True(t, ok)
		since, ok := unfiltered.Since(arch.X86_64, nr)
		require.True(t, ok)
		t.Run(name, func(t *testing.T) {
			switch first := arch.X86_64.Since(nr); {
			case kernel < first:
				require.Equal(t, []kerneltest.Result{{Errno: denied}}, ask(t, nr, 0))
			case kernel < since:
				t.Skipf("Linux %v has the call, and may have taken over what %v does", kernel, since)
			case name == "uretprobe":
				ask(t, nr, syscall.SIGILL) // made where the kernel has no probe
			default:
				require.Equal(t, []kerneltest.Result{{Errno: syscall.ENXIO}}, ask(t, nr, 0))
			}
		})
		t.Run(name+" of x32", func(t *testing.T) {
			kerneltest.Need(t, kerneltest.X32Numbers)
			nr, ok := arch.X32.Number(name)
			require.True(t, ok)
			require.Equal(t, []kerneltest.Result{{Errno: denied}}, ask(t, nr, 0))
		})
	}
}
