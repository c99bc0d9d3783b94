// SPDX-License-Identifier: Apache-2.0

package system_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/gosieve/sieve/bpf"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/internal/system"
)

// TestRefused has the errnos whose meaning does not depend on the running kernel.
// Those of EINVAL are in seccomp's fault scenes.
func TestRefused(t *testing.T) {
	tests := map[string]struct {
		errno unix.Errno
		flags seccomp.Flags
		says  string
		is    error
	}{
		"no privilege":         {unix.EACCES, 0, "want no_new_privs on this thread, or CAP_SYS_ADMIN", unix.EACCES},
		"no call":              {unix.ENOSYS, 0, "no seccomp(2), or an older filter denies it", system.ErrNotSupported},
		"no room":              {unix.ENOMEM, 0, "older filters on this thread leave no room", bpf.ErrTooLong},
		"denied":               {unix.EPERM, 0, "an older filter denies seccomp(2)", unix.EPERM},
		"a second listener":    {unix.EBUSY, seccomp.NewListener, "an older filter on this thread has a listener", unix.EBUSY},
		"busy without one":     {unix.EBUSY, 0, "resource busy", unix.EBUSY},
		"a thread":             {unix.ESRCH, seccomp.TSync | seccomp.TSyncESRCH, "a thread cannot follow", system.ErrThread},
		"ESRCH without a flag": {unix.ESRCH, seccomp.TSync, "no such process", unix.ESRCH},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			err := system.Refused(tt.errno, tt.flags)
			require.ErrorContains(t, err, tt.says)
			if tt.is != nil {
				require.ErrorIs(t, err, tt.is)
			}
		})
	}
}
