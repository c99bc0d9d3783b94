// SPDX-License-Identifier: Apache-2.0

package kerneltest_test

import (
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/test/kerneltest"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/launch"
	"github.com/gosieve/sieve/seccomp/proof"
)

// TestAskUnderFilter has questions whose thread a filter ends, without a word: that is
// an answer too.
func TestAskUnderFilter(t *testing.T) {
	for question, action := range map[string]seccomp.Action{"process_vm_readv": seccomp.KillThread, "unshare": seccomp.Errno(1)} {
		p := &seccomp.Policy{Arches: []arch.Arch{arch.Native()}, Default: seccomp.Allow,
			Rules: []seccomp.Rule{{Syscalls: []string{question}, Action: action}}}
		filter, err := proof.Compile(p)
		require.NoError(t, err)
		c := launch.Command(filter, "/proc/self/exe")
		name := map[string]string{"process_vm_readv": "reading", "unshare": "namespaces"}[question]
		c.Env = append(os.Environ(), "SIEVE_KERNELTEST_QUESTION="+name, "GOGC=off")
		out, err := c.CombinedOutput()
		require.Error(t, err)
		require.Equal(t, 1, c.ProcessState.ExitCode(), "%s", out)
		if action == seccomp.KillThread {
			assert.Equal(t, "the thread that asked was ended\n", string(out))
		}
	}
}

// TestFeatures has answers that are sure on every machine.
func TestFeatures(t *testing.T) {
	for name, f := range map[string]kerneltest.Feature{
		"i386": kerneltest.I386, "x32": kerneltest.X32, "namespaces": kerneltest.Namespaces, "privileges": kerneltest.Privileges,
		"tracing": kerneltest.Tracing, "reading": kerneltest.Reading, "unfiltered": kerneltest.Unfiltered,
	} {
		t.Logf("%s: %v", name, f())
	}
	if os.Getuid() != 0 {
		assert.Error(t, kerneltest.Privileges())
	}
}
