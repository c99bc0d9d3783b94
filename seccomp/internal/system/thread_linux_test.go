// SPDX-License-Identifier: Apache-2.0

package system_test

import (
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/gosieve/sieve/seccomp/internal/system"
)

// TestOnOwnThread: the thread is not the first, has no children to wait for, and is gone
// when what it did is done.
func TestOnOwnThread(t *testing.T) {
	child := exec.Command("sleep", "60") // of some other thread
	require.NoError(t, child.Start())
	defer child.Wait()
	defer child.Process.Kill()
	type seen struct {
		tid   int
		errno unix.Errno
	}
	threads := make(chan seen)
	for range 20 {
		require.NoError(t, system.OnOwnThread(func() {
			_, _, errno := system.Next(unix.WEXITED | unix.WNOHANG)
			threads <- seen{unix.Gettid(), errno}
		}))
		got := <-threads
		require.NotEqual(t, os.Getpid(), got.tid)
		require.Equal(t, unix.ECHILD, got.errno, "a child of the thread's own")
		require.Eventually(t, func() bool { return unix.Tgkill(os.Getpid(), got.tid, 0) == unix.ESRCH },
			time.Minute, time.Millisecond, "the thread ends")
	}
}

func TestHasEnded(t *testing.T) {
	// CLD_EXITED to CLD_CONTINUED (asm-generic/siginfo.h)
	for code, want := range map[int32]bool{0: false, 1: true, 2: true, 3: true, 4: false, 5: false, 6: false} {
		require.Equal(t, want, system.HasEnded(code), code)
	}
}
