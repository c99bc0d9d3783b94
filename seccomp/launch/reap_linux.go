// SPDX-License-Identifier: Apache-2.0

package launch

import (
	"fmt"
	"time"

	"github.com/gosieve/sieve/seccomp/internal/system"
	"golang.org/x/sys/unix"
)

// This file has the calls that wait for a child, end it, or exchange a byte with it. Each
// has to end also where a filter that the launcher is under denies the calls for it, so no
// error of theirs is passed over.

// reap waits for a child that has ended, is about to, or will stop for its tracer.
func reap(pid int) (unix.WaitStatus, error) {
	var status unix.WaitStatus
	for {
		got, err := unix.Wait4(pid, &status, 0, nil)
		switch {
		case err == unix.EINTR:
		case err != nil:
			return 0, fmt.Errorf("wait4: %w", err)
		case got != pid:
			return 0, fmt.Errorf("wait4: got %d, want %d: %w", got, pid, system.ErrNotDone)
		default:
			return status, nil
		}
	}
}

// ended says whether a child has, and leaves it to be waited for. So it does of one
// that is not there any more.
func ended(pid int) (bool, error) {
	var info unix.Siginfo
	err := unix.Waitid(unix.P_PID, pid, &info, unix.WEXITED|unix.WNOHANG|unix.WNOWAIT, nil)
	switch err {
	case nil:
		return info.Signo != 0 && system.HasEnded(info.Code), nil
	case unix.ECHILD:
		return true, nil
	case unix.EINTR:
		return false, nil
	}
	return false, fmt.Errorf("waitid: %w", err)
}

// kill sends SIGKILL, in one of two ways. A child that has ended is no error.
func kill(pid int) error {
	err := unix.Kill(pid, unix.SIGKILL)
	if err == nil || err == unix.ESRCH {
		return nil
	}
	if fd, e := unix.PidfdOpen(pid, 0); e == nil {
		defer unix.Close(fd)
		if unix.PidfdSendSignal(fd, unix.SIGKILL, nil, 0) == nil {
			return nil
		}
	}
	return fmt.Errorf("kill: %w", err)
}

// patience is how long a child is waited for that was killed, or that ends as the
// launcher does not come to meet it.
const patience = 10 * time.Second

// awaitEnd waits for a child that is about to end, if it does.
func awaitEnd(pid int) error {
	pause := 20 * time.Microsecond
	for end := time.Now().Add(patience); ; pause = min(pause*3/2, 5*time.Millisecond) {
		switch got, err := unix.Wait4(pid, nil, unix.WNOHANG, nil); {
		case err == unix.EINTR:
		case err == unix.ECHILD, got == pid:
			return nil
		case err != nil:
			return fmt.Errorf("wait4: %w", err)
		}
		if time.Now().After(end) {
			return fmt.Errorf("process %d has not ended", pid)
		}
		time.Sleep(pause)
	}
}

// readByte reads one byte, or says that there are none any more.
func readByte(fd int) (there bool, err error) {
	b := make([]byte, 1)
	for {
		n, err := unix.Read(fd, b)
		if err != unix.EINTR {
			return n == 1, err
		}
	}
}

// writeByte writes to a socket whose other end may be closed.
func writeByte(fd int) error {
	for {
		n, err := unix.SendmsgN(fd, []byte{0}, nil, nil, unix.MSG_NOSIGNAL)
		switch {
		case err == unix.EINTR:
		case err == nil && n != 1:
			return fmt.Errorf("sendmsg: %w", system.ErrNotDone)
		default:
			return err
		}
	}
}

// poll says whether there is something to read on fd, now or after some time. No
// descriptor, -1, has nothing.
func poll(fd int, timeout time.Duration) (bool, error) {
	limit := unix.NsecToTimespec(int64(timeout))
	n, err := unix.Ppoll([]unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}, &limit, nil)
	if err != nil && err != unix.EINTR {
		return false, fmt.Errorf("ppoll: %w", err)
	}
	return n == 1, nil
}
