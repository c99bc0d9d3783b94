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

// TestKernel compares what the kernel does under a filter with what the policy
// says. The call asks for the process's execution domain, which is 0, and
// changes nothing. Errno 4095 is left out, which Go takes for a result.
func TestKernel(t *testing.T) {
	ask := kerneltest.Call{Nr: rig.Number(t, "personality"), Args: [6]uint64{0xffffffff}}
	eq := seccomp.Arg{Index: 0, Op: seccomp.EQ, Value: 0xffffffff}
	wide := ask
	wide.Args[0] |= 1 << 32
	ok, denied := kerneltest.Result{}, func(n syscall.Errno) kerneltest.Result { return kerneltest.Result{Errno: n} }
	tests := map[string]struct {
		policies []*seccomp.Policy
		call     kerneltest.Call
		flags    seccomp.Flags
		want     kerneltest.Result
		signal   syscall.Signal
		end      bool
	}{
		"no filter":                     {call: ask, want: ok},
		"allow":                         {policies: []*seccomp.Policy{rig.Only("getppid", seccomp.Errno(1))}, call: ask, want: ok},
		"errno":                         {policies: []*seccomp.Policy{rig.Only("personality", seccomp.Errno(1))}, call: ask, want: denied(1)},
		"errno beyond those with names": {policies: []*seccomp.Policy{rig.Only("personality", seccomp.Errno(4094))}, call: ask, want: denied(4094)},
		"errno 0 pretends success":      {policies: []*seccomp.Policy{rig.Only("personality", seccomp.Errno(0))}, call: ask, want: ok},
		"log allows":                    {policies: []*seccomp.Policy{rig.Only("personality", seccomp.Log)}, call: ask, flags: seccomp.LogAll, want: ok},
		"trace without a tracer":        {policies: []*seccomp.Policy{rig.Only("personality", seccomp.Trace(7))}, call: ask, want: denied(syscall.ENOSYS)},
		"notify without a listener":     {policies: []*seccomp.Policy{rig.Only("personality", seccomp.Notify)}, call: ask, want: denied(syscall.ENOSYS)},
		"trap":                          {policies: []*seccomp.Policy{rig.Only("personality", seccomp.Trap(7))}, call: ask, signal: syscall.SIGSYS},
		"kill process":                  {policies: []*seccomp.Policy{rig.Only("personality", seccomp.KillProcess)}, call: ask, signal: syscall.SIGSYS},
		"kill thread":                   {policies: []*seccomp.Policy{rig.Only("personality", seccomp.KillThread)}, call: ask, end: true},
		"argument equal":                {policies: []*seccomp.Policy{rig.Only("personality", seccomp.Errno(1), eq)}, call: ask, want: denied(1)},
		"argument differs in high word": {policies: []*seccomp.Policy{rig.Only("personality", seccomp.Errno(1), eq)}, call: wide, want: ok},
		"narrow argument": {policies: []*seccomp.Policy{rig.Only("personality", seccomp.Errno(1), seccomp.Arg{Index: 0, Op: seccomp.EQ, Value: 0xffffffff, Narrow: true})},
			call: wide, want: denied(1)},
		"stack, first installed is stricter": {policies: []*seccomp.Policy{rig.Only("personality", seccomp.Errno(1)), rig.Only("personality", seccomp.Log)}, call: ask, want: denied(1)},
		"stack, last installed is stricter":  {policies: []*seccomp.Policy{rig.Only("personality", seccomp.Log), rig.Only("personality", seccomp.Errno(2))}, call: ask, want: denied(2)},
		"stack, last of equal rank counts":   {policies: []*seccomp.Policy{rig.Only("personality", seccomp.Errno(1)), rig.Only("personality", seccomp.Errno(2))}, call: ask, want: denied(2)},
		"all threads":                        {policies: []*seccomp.Policy{rig.Only("personality", seccomp.Errno(1))}, call: ask, flags: seccomp.TSync | seccomp.SpecAllow, want: denied(1)},
	}
	if !rig.KernelIs(5, 0) { // an action that it does not know ends the thread
		row := tests["kill thread"]
		row.policies = tests["notify without a listener"].policies
		tests["notify without a listener"] = row
	}
	if !rig.KernelIs(4, 17) {
		row := tests["all threads"]
		row.flags &^= seccomp.SpecAllow
		tests["all threads"] = row
	}
	for name, tt := range tests {
		if arch.Native().Bits() == 32 && tt.call == wide {
			continue // there is no high word
		}
		for _, nobody := range []bool{false, true} {
			t.Run(name+map[bool]string{true: " as nobody"}[nobody], func(t *testing.T) {
				job := kerneltest.Job{Flags: uint32(tt.flags), Calls: []kerneltest.Call{tt.call}, Nobody: nobody,
					WantSignal: tt.signal, WantThreadEnd: tt.end}
				job.Programs = rig.Compiled(t, tt.policies...)
				got := job.Run(t)
				if tt.signal != 0 || tt.end {
					require.Empty(t, got)
					return
				}
				require.Equal(t, []kerneltest.Result{tt.want}, got)
			})
		}
	}
}
