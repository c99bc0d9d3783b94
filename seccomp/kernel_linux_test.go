// SPDX-License-Identifier: Apache-2.0

package seccomp

import (
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/test/kerneltest"
)

// number is a call's number on the machine that runs the tests.
func number(t testing.TB, name string) uint32 {
	nr, ok := arch.Native().Number(name)
	require.True(t, ok, "%v has no %s", arch.Native(), name)
	return nr
}

// only is a policy that allows everything but one call.
func only(name string, a Action, args ...Arg) *Policy {
	arches := []arch.Arch{arch.Native()}
	if arch.Native() == arch.X86 {
		arches = append(arches, arch.X86_64) // the system's programs may be that
	}
	return &Policy{
		Arches:  arches,
		Rules:   []Rule{{Syscalls: []string{name}, Args: args, Action: a}},
		Default: Allow,
		BadArch: KillProcess,
	}
}

// compiled is the policy's filter, or the filters of several as one stack.
func compiled(t testing.TB, policies ...*Policy) Filter {
	var stack Filter
	for _, p := range policies {
		f, err := p.Compile()
		require.NoError(t, err)
		require.NoError(t, f.Prove(p))
		stack = append(stack, f...)
	}
	return stack
}

// TestKernel compares what the kernel does under a filter with what the policy
// says. The call asks for the process's execution domain, which is 0, and
// changes nothing. Errno 4095 is left out, which Go takes for a result.
func TestKernel(t *testing.T) {
	ask := kerneltest.Call{Nr: number(t, "personality"), Args: [6]uint64{0xffffffff}}
	eq := Arg{Index: 0, Op: EQ, Value: 0xffffffff}
	wide := ask
	wide.Args[0] |= 1 << 32
	ok, denied := kerneltest.Result{}, func(n syscall.Errno) kerneltest.Result { return kerneltest.Result{Errno: n} }
	tests := map[string]struct {
		policies []*Policy
		call     kerneltest.Call
		flags    Flags
		want     kerneltest.Result
		signal   syscall.Signal
		end      bool
	}{
		"no filter":                     {call: ask, want: ok},
		"allow":                         {policies: []*Policy{only("getppid", Errno(1))}, call: ask, want: ok},
		"errno":                         {policies: []*Policy{only("personality", Errno(1))}, call: ask, want: denied(1)},
		"errno beyond those with names": {policies: []*Policy{only("personality", Errno(4094))}, call: ask, want: denied(4094)},
		"errno 0 pretends success":      {policies: []*Policy{only("personality", Errno(0))}, call: ask, want: ok},
		"log allows":                    {policies: []*Policy{only("personality", Log)}, call: ask, flags: LogAll, want: ok},
		"trace without a tracer":        {policies: []*Policy{only("personality", Trace(7))}, call: ask, want: denied(syscall.ENOSYS)},
		"notify without a listener":     {policies: []*Policy{only("personality", Notify)}, call: ask, want: denied(syscall.ENOSYS)},
		"trap":                          {policies: []*Policy{only("personality", Trap(7))}, call: ask, signal: syscall.SIGSYS},
		"kill process":                  {policies: []*Policy{only("personality", KillProcess)}, call: ask, signal: syscall.SIGSYS},
		"kill thread":                   {policies: []*Policy{only("personality", KillThread)}, call: ask, end: true},
		"argument equal":                {policies: []*Policy{only("personality", Errno(1), eq)}, call: ask, want: denied(1)},
		"argument differs in high word": {policies: []*Policy{only("personality", Errno(1), eq)}, call: wide, want: ok},
		"narrow argument": {policies: []*Policy{only("personality", Errno(1), Arg{Index: 0, Op: EQ, Value: 0xffffffff, Narrow: true})},
			call: wide, want: denied(1)},
		"stack, first installed is stricter": {policies: []*Policy{only("personality", Errno(1)), only("personality", Log)}, call: ask, want: denied(1)},
		"stack, last installed is stricter":  {policies: []*Policy{only("personality", Log), only("personality", Errno(2))}, call: ask, want: denied(2)},
		"stack, last of equal rank counts":   {policies: []*Policy{only("personality", Errno(1)), only("personality", Errno(2))}, call: ask, want: denied(2)},
		"all threads":                        {policies: []*Policy{only("personality", Errno(1))}, call: ask, flags: TSync | SpecAllow, want: denied(1)},
	}
	if !kernelIs(5, 0) { // an action that it does not know ends the thread
		row := tests["kill thread"]
		row.policies = tests["notify without a listener"].policies
		tests["notify without a listener"] = row
	}
	if !kernelIs(4, 17) {
		row := tests["all threads"]
		row.flags &^= SpecAllow
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
				job.Programs = compiled(t, tt.policies...)
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

// privileged says whether the tests may do all that root may.
func privileged() bool { return kerneltest.Privileges() == nil }

// suits skips a row for the privileged, or with a namespace of users, where there
// are none.
func suits(t testing.TB, root bool, set func(*Cmd)) {
	t.Helper()
	if root {
		kerneltest.Need(t, kerneltest.Privileges)
	}
	if set == nil {
		return
	}
	c := &Cmd{}
	set(c)
	if a := c.SysProcAttr; a != nil && (a.Cloneflags|a.Unshareflags)&unix.CLONE_NEWUSER != 0 {
		kerneltest.Need(t, kerneltest.Namespaces)
	}
}
