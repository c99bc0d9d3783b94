// SPDX-License-Identifier: Apache-2.0

package system

import (
	"bytes"
	"fmt"
	"os"
	"strconv"

	"golang.org/x/sys/unix"
)

// This file looks at another process: whose thread it is, its memory, as its tracer.

// Detach lets a process go on, with a signal unless that is 0.
func Detach(pid int, signal unix.Signal) error {
	if errno := Ptrace(unix.PTRACE_DETACH, pid, 0, uintptr(signal)); errno != 0 {
		return errno
	}
	return nil
}

// ProcessOf is the id of the process that a thread belongs to.
func ProcessOf(tid int) (int, error) {
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

// ReadMemory reads up to the first page that cannot be read.
func ReadMemory(pid int, addr uint64, p []byte) (int, error) {
	if uint64(uintptr(addr)) != addr || uint64(uintptr(addr)+uintptr(len(p))) < addr {
		return ReadMem(pid, addr, p) // above what this process can name
	}
	var remote []unix.RemoteIovec
	for done := 0; done < len(p); {
		size := min(len(p)-done, PageRest(addr+uint64(done)))
		remote = append(remote, unix.RemoteIovec{Base: uintptr(addr) + uintptr(done), Len: size})
		done += size
	}
	local := []unix.Iovec{{Base: &p[0]}}
	local[0].SetLen(len(p))
	n, err := unix.ProcessVMReadv(pid, local, remote, 0)
	if err == unix.ENOSYS { // CONFIG_CROSS_MEMORY_ATTACH, or a filter
		return ReadMem(pid, addr, p)
	}
	return memoryRead(n, err)
}

// ReadMem is ReadMemory through /proc, which reads what the process itself may
// not, too.
func ReadMem(pid int, addr uint64, p []byte) (int, error) {
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

// memoryRead says what an errno of process_vm_readv(2) means. EFAULT is no error: it is where
// the memory ends, and the caller sees the shorter count.
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

// Ptrace is ptrace(2).
func Ptrace(request, pid int, address, data uintptr) unix.Errno {
	_, _, errno := unix.Syscall6(unix.SYS_PTRACE, uintptr(request), uintptr(pid), address, data, 0, 0)
	return errno
}
