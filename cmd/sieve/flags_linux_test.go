// SPDX-License-Identifier: Apache-2.0

package main

import (
	"os"
	"strconv"
	"testing"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/test/kerneltest"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/launch"
	"github.com/gosieve/sieve/seccomp/proof"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestPid compares what a process runs under with the profile that it should have.
func TestPid(t *testing.T) {
	kerneltest.Need(t, kerneltest.Tracing)
	policy := &seccomp.Policy{Arches: []arch.Arch{arch.Native()}, Default: seccomp.Allow,
		Rules: []seccomp.Rule{{Syscalls: []string{"mount"}, Action: seccomp.Errno(30)}}}
	filter, err := proof.Compile(policy)
	require.NoError(t, err)
	child := launch.Command(filter, "cat")
	stdin, err := child.StdinPipe()
	require.NoError(t, err)
	require.NoError(t, child.Start())
	defer child.Wait()
	defer stdin.Close()
	pid := strconv.Itoa(child.Process.Pid)
	deny := write(t, "deny.json", `{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["mount"], "action": "SCMP_ACT_ERRNO", "errnoRet": 30}]}`)
	other := write(t, "other.json", `{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["mount"], "action": "SCMP_ACT_ERRNO", "errnoRet": 1}]}`)
	if os.Getuid() != 0 {
		assert.Equal(t, 2, call(t, "", "prove", "--profile", deny, "--pid", pid).status, "only the privileged may read filters")
		return
	}
	installed, err := seccomp.Installed(t.Context(), child.Process.Pid)
	require.NoError(t, err)
	if len(installed) > len(filter) { // the test itself runs under a filter, which nobody knows
		assert.NotContains(t, call(t, "", "diff", "--pid", pid, deny).stdout, "mount\n    - ERRNO(EROFS)")
		return
	}
	assert.Equal(t, result{}, call(t, "", "prove", "--profile", deny, "--pid", pid))
	assert.Equal(t, 1, call(t, "", "prove", "--profile", other, "--pid", pid).status)
	assert.Equal(t, result{}, call(t, "", "diff", "--pid", pid, deny))
	got := call(t, "", "diff", "--pid", pid, other)
	assert.Equal(t, 1, got.status)
	assert.Regexp(t, `\n\+\+\+ process \d+\n\n\w+: changed otherwise\n  mount\n    - ERRNO\(EPERM\)  .*other.json:1:50\n    \+ ERRNO\(EROFS\)\n\n0 calls opened`, got.stdout)
	assert.Contains(t, call(t, "", "decompile", "--pid", pid).stdout, `"mount"`)
}
