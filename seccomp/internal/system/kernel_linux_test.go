// SPDX-License-Identifier: Apache-2.0

package system_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/test/rig"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/internal/system"
)

// TestKernel compares with uname(2).
func TestKernel(t *testing.T) {
	release, machine := system.Uname()
	require.NotEmpty(t, machine)
	want, err := arch.ParseKernel(release)
	if err != nil {
		want = 0
	}
	require.Equal(t, want, system.Kernel())
	require.Equal(t, want >= 5<<8, rig.KernelIs(5, 0))
}

// Where uname(2) is denied the version is 0, which is before every feature.
func init() {
	scenes["kernel, uname is denied"] = func() error {
		if err := rig.Pretend(seccomp.Rule{Syscalls: []string{"uname"}, Action: seccomp.Errno(uint16(unix.EPERM))}); err != nil {
			return err
		}
		return rig.Equal("kernel", system.Kernel(), 0)
	}
}
