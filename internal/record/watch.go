// SPDX-License-Identifier: Apache-2.0

package record

import (
	"context"
	"errors"
	"io"
	"runtime"
	"time"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/notify"
)

// Everything is the policy for a command that is watched: each call of each ABI asks the
// supervisor. Foreign ABIs ask too (BadArch), so that a 32-bit program is seen and not
// killed.
func Everything() *seccomp.Policy {
	return &seccomp.Policy{Arches: []arch.Arch{arch.Native()}, Default: seccomp.Notify, BadArch: seccomp.Notify}
}

// Watch notes every call that a listener receives and lets it go on, until no process
// uses the listener's filter any more or the context is done. Progress is called after
// each call.
//
// Every call of the command waits for Watch, so Watch is kept short. With the sync
// wake-up (SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP) the kernel runs supervisor and caller on
// one processor in turn, which is faster where each waits for the other; kernels without
// it work as well.
func (r *Recording) Watch(ctx context.Context, l *notify.Listener, progress func()) error {
	// One call after the other is answered at once, from one thread.
	if err := l.SetSyncWakeUp(true); err != nil && !errors.Is(err, seccomp.ErrNotSupported) {
		return err
	}
	// One thread answers all calls: a goroutine that moved between threads would lose
	// what the sync wake-up gains.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	var programs programs
	for {
		n, err := l.Receive(ctx)
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		}
		begun := time.Now()
		r.Add(&n.Call)
		programs.look(r, n)
		// A call that is gone was interrupted or its process has ended: it will
		// be made again, or never.
		if err := n.Continue(); err != nil && !errors.Is(err, notify.ErrGone) {
			return err
		}
		r.busy += time.Since(begun)
		progress()
	}
}

// PerCall is the mean time that Watch spent on a call after it was received. The
// caller waits for two changes of context beside it.
func (r *Recording) PerCall() time.Duration {
	if r.count == 0 {
		return 0
	}
	return r.busy / time.Duration(r.count)
}
