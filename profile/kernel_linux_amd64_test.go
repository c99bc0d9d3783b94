// SPDX-License-Identifier: Apache-2.0

package profile

import (
	"syscall"
	"testing"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/bpf"
	"github.com/gosieve/sieve/internal/test/kerneltest"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/proof"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestMain(m *testing.M) {
	kerneltest.Main(m, func(programs []bpf.Program, flags uint32) error {
		if err := seccomp.NoNewPrivs(); err != nil {
			return err
		}
		return seccomp.Filter(programs).Install(seccomp.Flags(flags))
	}, nil)
}

// inKernel compiles a profile for this machine.
func inKernel(t *testing.T, p *Profile) (*seccomp.Policy, []bpf.Program) {
	policy, _, err := p.Resolve(Target{Arch: arch.X86_64, Kernel: arch.Newest, Caps: DockerCaps()})
	require.NoError(t, err)
	filter, err := proof.Compile(policy)
	require.NoError(t, err)
	return policy, filter
}

// TestKernelDocker asks the running kernel what Docker's default does, and holds
// Evaluate to it. Without the filter root's mount, unshare and personality would
// give other answers.
func TestKernelDocker(t *testing.T) {
	const eperm, enosys, ok = syscall.EPERM, syscall.ENOSYS, syscall.Errno(0)
	tests := map[string]struct {
		call kerneltest.Call
		want syscall.Errno
	}{
		"getppid":                            {kerneltest.Call{Nr: 110}, ok},
		"mount":                              {kerneltest.Call{Nr: 165}, eperm},
		"unshare":                            {kerneltest.Call{Nr: 272}, eperm},
		"personality, to ask":                {kerneltest.Call{Nr: 135, Args: [6]uint64{0xffffffff}}, ok},
		"personality 1":                      {kerneltest.Call{Nr: 135, Args: [6]uint64{1}}, eperm},
		"clone3":                             {kerneltest.Call{Nr: 435}, enosys},
		"socket, vsock":                      {kerneltest.Call{Nr: 41, Args: [6]uint64{40, 1}}, eperm},
		"socket, unix":                       {kerneltest.Call{Nr: 41, Args: [6]uint64{1, 1}}, ok},
		"a call that no table knows":         {kerneltest.Call{Nr: 1000}, enosys},
		"i386 getppid":                       {kerneltest.Call{Nr: 64, I386: true}, ok},
		"i386 mount":                         {kerneltest.Call{Nr: 21, I386: true}, eperm},
		"i386 unshare":                       {kerneltest.Call{Nr: 310, I386: true}, eperm},
		"i386 personality 1":                 {kerneltest.Call{Nr: 136, Args: [6]uint64{1}, I386: true}, eperm},
		"i386 clone3":                        {kerneltest.Call{Nr: 435, I386: true}, enosys},
		"i386 socket, vsock":                 {kerneltest.Call{Nr: 359, Args: [6]uint64{40, 1}, I386: true}, eperm},
		"x32 unshare, decided as x32's":      {kerneltest.Call{Nr: 0x40000000 | 272}, eperm},
		"x32 number that no table knows":     {kerneltest.Call{Nr: 0x40000000 | 1000}, enosys},
		"i386 number that is x86_64's mount": {kerneltest.Call{Nr: 165, I386: true}, ok}, // getresuid, with null pointers: EFAULT below
	}
	policy, programs := inKernel(t, DockerDefault())
	for _, nobody := range []bool{false, true} {
		for name, tt := range tests {
			if nobody {
				name += ", as nobody"
			}
			t.Run(name, func(t *testing.T) {
				if tt.call.I386 {
					kerneltest.Need(t, kerneltest.I386)
				}
				if tt.call.Nr&0x40000000 != 0 {
					kerneltest.Need(t, kerneltest.X32Numbers)
				}
				job := kerneltest.Job{Programs: programs, Calls: []kerneltest.Call{tt.call}, Nobody: nobody}
				got := job.Run(t)[0].Errno
				call := seccomp.Call{Audit: arch.X86_64.Audit(), Nr: tt.call.Nr, Args: tt.call.Args}
				if tt.call.I386 {
					call.Audit = arch.X86.Audit()
				}
				answer := policy.Evaluate(&call)
				if tt.want == ok {
					assert.Equal(t, seccomp.Allow, answer)
					assert.NotContains(t, []syscall.Errno{eperm, enosys}, got, "the kernel made the call")
				} else {
					assert.Equal(t, seccomp.Errno(uint16(tt.want)), answer)
					assert.Equal(t, tt.want, got)
				}
			})
		}
	}
}

// TestKernelForeign makes a call through an ABI that the profile does not list.
func TestKernelForeign(t *testing.T) {
	p, err := Parse([]byte(`{"defaultAction": "SCMP_ACT_ALLOW", "architectures": ["SCMP_ARCH_X86_64"]}`))
	require.NoError(t, err)
	_, programs := inKernel(t, p)
	kerneltest.Job{Programs: programs, Calls: []kerneltest.Call{{Nr: 0x40000000 | 110}}, WantThreadEnd: true}.Run(t)
	kerneltest.Job{Programs: programs, Calls: []kerneltest.Call{{Nr: 110}}}.Run(t)
	kerneltest.Need(t, kerneltest.I386)
	kerneltest.Job{Programs: programs, Calls: []kerneltest.Call{{Nr: 64, I386: true}}, WantThreadEnd: true}.Run(t)
}
