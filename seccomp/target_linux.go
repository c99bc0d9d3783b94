// SPDX-License-Identifier: Apache-2.0

package seccomp

import (
	"bytes"
	"fmt"
	"os"
	"strconv"

	"golang.org/x/sys/unix"
)

// pidFD is one of the process that a thread belongs to.
func pidFD(tid int) (*os.File, error) {
	fd, err := unix.PidfdOpen(tid, 0)
	// What the kernel says of a thread that is not the first has changed.
	if err == unix.EINVAL || err == unix.ENOENT || err == unix.ESRCH {
		leader, e := processOf(tid)
		if e != nil {
			return nil, e
		}
		fd, err = unix.PidfdOpen(leader, 0)
	}
	switch err {
	case nil:
		return os.NewFile(uintptr(fd), "pidfd "+strconv.Itoa(tid)), nil
	case unix.ESRCH:
		return nil, ErrGone
	case unix.ENOSYS:
		return nil, fmt.Errorf("%w: pidfd_open: %w", ErrNotSupported, err)
	}
	return nil, fmt.Errorf("pidfd_open: %w", err)
}

// processOf is the id of the process that a thread belongs to.
func processOf(tid int) (int, error) {
	b, err := os.ReadFile("/proc/" + strconv.Itoa(tid) + "/status")
	if err != nil {
		if os.IsNotExist(err) {
			if _, e := os.Stat("/proc/self/status"); e == nil {
				return 0, ErrGone
			}
		}
		return 0, err
	}
	_, rest, _ := bytes.Cut(b, []byte("\nTgid:\t"))
	id, _, _ := bytes.Cut(rest, []byte("\n"))
	return strconv.Atoi(string(id))
}

// readMemory reads up to the first page that cannot be read.
func readMemory(pid int, addr uint64, p []byte) (int, error) {
	if uint64(uintptr(addr)) != addr || uint64(uintptr(addr)+uintptr(len(p))) < addr {
		return readMem(pid, addr, p) // above what this process can name
	}
	var remote []unix.RemoteIovec
	for done := 0; done < len(p); {
		size := min(len(p)-done, pageRest(addr+uint64(done)))
		remote = append(remote, unix.RemoteIovec{Base: uintptr(addr) + uintptr(done), Len: size})
		done += size
	}
	local := []unix.Iovec{{Base: &p[0]}}
	local[0].SetLen(len(p))
	n, err := unix.ProcessVMReadv(pid, local, remote, 0)
	if err == unix.ENOSYS { // CONFIG_CROSS_MEMORY_ATTACH, or a filter
		return readMem(pid, addr, p)
	}
	return memoryRead(n, err)
}

// readMem is readMemory through /proc, which reads what the process itself may
// not, too.
func readMem(pid int, addr uint64, p []byte) (int, error) {
	f, err := os.Open("/proc/" + strconv.Itoa(pid) + "/mem")
	if err != nil {
		return 0, fmt.Errorf("%w (the call may be gone)", err)
	}
	defer f.Close()
	done := 0
	for done < len(p) {
		n, err := unix.Pread(int(f.Fd()), p[done:], int64(addr)+int64(done))
		switch {
		case err == unix.EINTR:
		case err == unix.EIO: // not mapped
			return done, nil
		case err != nil:
			return memoryRead(done, err)
		case n == 0: // no memory any more
			return done, ErrGone
		default:
			done += n
		}
	}
	return done, nil
}

func memoryRead(n int, err error) (int, error) {
	switch err {
	case nil:
		return n, nil
	case unix.EFAULT:
		return max(n, 0), nil
	case unix.ESRCH:
		return 0, ErrGone
	case unix.EPERM:
		return 0, fmt.Errorf("%w: want the right to trace the process", err)
	}
	return 0, err
}
