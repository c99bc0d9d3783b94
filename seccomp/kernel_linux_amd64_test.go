// SPDX-License-Identifier: Apache-2.0

package seccomp_test

import (
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/test/kerneltest"
	"github.com/gosieve/sieve/internal/test/rig"
	"github.com/gosieve/sieve/seccomp"
)

// TestKernelABIs makes the same call through the three ABIs of an x86_64 kernel.
func TestKernelABIs(t *testing.T) {
	const x32 = 0x40000000
	native := kerneltest.Call{Nr: 135, Args: [6]uint64{0xffffffff}}
	ia32 := kerneltest.Call{Nr: 136, Args: [6]uint64{0xffffffff}, I386: true}
	viaX32 := kerneltest.Call{Nr: x32 | 135, Args: [6]uint64{0xffffffff}}
	all := []arch.Arch{arch.X86_64, arch.X86, arch.X32}
	each := func(badArch seccomp.Action, arches ...arch.Arch) *seccomp.Policy {
		return &seccomp.Policy{Arches: arches, Default: seccomp.Allow, BadArch: badArch, Rules: []seccomp.Rule{
			{Syscalls: []string{"personality"}, Arches: []arch.Arch{arch.X86_64}, Action: seccomp.Errno(64)},
			{Syscalls: []string{"personality"}, Arches: []arch.Arch{arch.X86}, Action: seccomp.Errno(86)},
			{Syscalls: []string{"personality"}, Arches: []arch.Arch{arch.X32}, Action: seccomp.Errno(32)},
		}}
	}
	tests := map[string]struct {
		policy *seccomp.Policy
		call   kerneltest.Call
		want   syscall.Errno
		signal syscall.Signal
		end    bool
	}{
		"native":                         {policy: each(seccomp.KillProcess, all...), call: native, want: 64},
		"i386 as its half says":          {policy: each(seccomp.KillProcess, all...), call: ia32, want: 86},
		"x32 as its part says":           {policy: each(seccomp.KillProcess, all...), call: viaX32, want: 32},
		"i386 unlisted is killed":        {policy: each(seccomp.KillProcess, arch.X86_64), call: ia32, signal: syscall.SIGSYS},
		"i386 unlisted, thread killed":   {policy: each(seccomp.KillThread, arch.X86_64), call: ia32, end: true},
		"x32 unlisted is killed":         {policy: each(seccomp.KillProcess, arch.X86_64, arch.X86), call: viaX32, signal: syscall.SIGSYS},
		"unlisted can be denied instead": {policy: each(seccomp.Errno(38), arch.X86_64), call: ia32, want: 38},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if tt.call.I386 {
				kerneltest.Need(t, kerneltest.I386)
			}
			if tt.call.Nr&0x40000000 != 0 {
				kerneltest.Need(t, kerneltest.X32Numbers)
			}
			job := kerneltest.Job{Programs: rig.Compiled(t, tt.policy), Calls: []kerneltest.Call{tt.call}, WantSignal: tt.signal, WantThreadEnd: tt.end}
			got := job.Run(t)
			if tt.signal == 0 && !tt.end {
				require.Equal(t, []kerneltest.Result{{Errno: tt.want}}, got)
			}
		})
	}
}
