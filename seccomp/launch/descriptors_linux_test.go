// SPDX-License-Identifier: Apache-2.0

package launch

import (
	"errors"
	"fmt"
	"sync/atomic"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/gosieve/sieve/internal/test/kerneltest"
	"github.com/gosieve/sieve/internal/test/rig"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/notify"
)

func init() {
	// A listener that arrives where descriptors are short is closed once: its number
	// may be another's at once.
	scenes["a listener without a poller"] = func() error {
		if err := seccomp.NoNewPrivs(); err != nil {
			return err
		}
		sent, err := notify.Listen(seccomp.Filter{rig.Denying(unix.SYS_REBOOT, seccomp.Notify)}, 0)
		if err != nil {
			return err
		}
		ends, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
		if err != nil {
			return err
		}
		free, err := unix.FcntlInt(uintptr(sent), unix.F_DUPFD_CLOEXEC, 0)
		if err != nil {
			return err
		}
		unix.Close(free)
		// One more descriptor can be had, and a listener takes two.
		if err := unix.Setrlimit(unix.RLIMIT_NOFILE, &unix.Rlimit{Cur: uint64(free) + 1, Max: uint64(free) + 1}); err != nil {
			return err
		}
		var over atomic.Bool
		lost := make(chan error, 1)
		go func() { // who else opens files
			for !over.Load() {
				fd, err := unix.FcntlInt(uintptr(sent), unix.F_DUPFD_CLOEXEC, 0)
				if err != nil {
					continue
				}
				for range 50 {
					if _, err := unix.FcntlInt(uintptr(fd), unix.F_GETFD, 0); err != nil {
						lost <- fmt.Errorf("somebody's descriptor %d is closed: %w", fd, err)
						return
					}
				}
				unix.Close(fd)
			}
			lost <- nil
		}()
		l := &launch{hand: pair{ends[0], ends[1]}}
		made := 0
		for range 30000 {
			if err := unix.Sendmsg(l.hand.theirs, []byte{0}, unix.UnixRights(int(sent)), nil, 0); err != nil {
				return err
			}
			_, err := l.received()
			if err == nil {
				return errors.New("a listener with one descriptor")
			}
			if errors.Is(err, unix.EMFILE) {
				made++
			}
		}
		over.Store(true)
		return errors.Join(<-lost, rig.Equal("arrived", made > 0, true))
	}
}

// TestDescriptorsShort has listeners that there are not enough descriptors for.
func TestDescriptorsShort(t *testing.T) {
	if noListeners(t) {
		t.Skip("the kernel is older than 5.0")
	}
	kerneltest.Job{Scene: "a listener without a poller"}.Run(t)
}
