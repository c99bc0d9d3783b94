// SPDX-License-Identifier: Apache-2.0

package child

import (
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// TestSteps has children go through steps whose last one fails, and reads from their reports
// how far each came and why.
func TestSteps(t *testing.T) {
	bad := ^uintptr(0) // no descriptor
	closing := Step{Op: OpCall, Nr: unix.SYS_CLOSE, Args: [6]uintptr{bad}}
	parent := func(op Op, want int) Step { return Step{Nr: unix.SYS_GETPPID, Op: op, Want: uintptr(want)} }
	op := func(s Step, op Op, want uintptr) Step { s.Op, s.Want = op, want; return s }
	own := unix.Getpid()
	tests := map[string]struct {
		steps   []Step
		reached int
		errno   unix.Errno
	}{
		"an error ends the child":             {[]Step{closing, closing}, 1, unix.EBADF},
		"an errno that may be":                {[]Step{op(closing, OpTry, uintptr(unix.EBADF)), closing}, 2, unix.EBADF},
		"another errno":                       {[]Step{op(closing, OpTry, uintptr(unix.EPERM)), closing}, 1, unix.EBADF},
		"the right result":                    {[]Step{parent(OpWant, own), closing}, 2, unix.EBADF},
		"a wrong result":                      {[]Step{parent(OpWant, own+1), closing}, 1, unix.ESRCH},
		"a check":                             {[]Step{parent(OpCheck, own), closing}, 2, unix.EBADF},
		"a check of what was not done":        {[]Step{parent(OpCheck, own+1), closing}, 1, ErrFaked},
		"a call that passes its fallback":     {[]Step{parent(OpElse, 0), closing, parent(OpWant, own), closing}, 4, unix.EBADF},
		"a probe that succeeds":               {[]Step{parent(OpProbe, 0), closing}, 1, ErrFaked},
		"a probe that fails":                  {[]Step{op(closing, OpProbe, 0), parent(OpWant, own+1)}, 2, unix.ESRCH},
		"a probe that passes steps over":      {[]Step{op(closing, OpProbe, 1), closing, parent(OpWant, own+1)}, 3, unix.ESRCH},
		"a step without an operation":         {[]Step{{Nr: unix.SYS_GETPPID}}, 1, unix.EINVAL},
		"a note lets the helper go on":        {[]Step{op(closing, OpNote, 0), parent(OpWant, own+1)}, 2, unix.EBADF},
		"signals and a wait that is let pass": {[]Step{{Op: OpSignals}, {Op: OpHold}, closing}, 3, unix.EBADF},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			page, r, _, err := NewSharedReports()
			require.NoError(t, err)
			defer func() { require.NoError(t, unix.Munmap(page)) }()
			r.Fate = FateGo
			require.Equal(t, exited(ExitStatus), status(t, tt.steps, r))
			require.Equal(t, tt.reached, int(r.Reached))
			require.Equal(t, tt.errno, unix.Errno(r.Errno))
		})
	}
}

// TestKeep: the result of a step is the argument of a later one.
func TestKeep(t *testing.T) {
	page, r, _, err := NewSharedReports()
	require.NoError(t, err)
	defer func() { require.NoError(t, unix.Munmap(page)) }()
	require.Equal(t, exited(ExitStatus), status(t, []Step{{Nr: unix.SYS_GETPPID, Op: OpKeep, Keep: &r.Child}}, r))
	require.Equal(t, unix.Getpid(), int(r.Child))
	require.Equal(t, int32(-1), r.Listener.FD)
	require.Zero(t, r.Errno, "nothing failed")
}

func exited(code int) unix.WaitStatus { return unix.WaitStatus(code << 8) }

// status is how a child ends that goes through the steps.
func status(t *testing.T, steps []Step, r *Report) unix.WaitStatus {
	syscall.ForkLock.Lock()
	pid, errno := Fork(uintptr(unix.SIGCHLD), steps, r)
	syscall.ForkLock.Unlock()
	require.Zero(t, errno)
	var s unix.WaitStatus
	for {
		got, err := unix.Wait4(pid, &s, 0, nil)
		if err == unix.EINTR {
			continue
		}
		require.NoError(t, err)
		require.Equal(t, pid, got)
		return s
	}
}
