// Program args passes constants to the kernel, and in one place what it was given.
package main

import (
	"os"
	"syscall"
)

type network interface{ family() uintptr }

type (
	local struct{}
	inet  struct{}
)

func (local) family() uintptr { return 1 }
func (inet) family() uintptr  { return 2 }

func open(n network) { syscall.RawSyscall(syscall.SYS_SOCKET, n.family(), 5, 0) }

var control = func(operation uintptr) { syscall.RawSyscall(syscall.SYS_FCNTL, 0, operation, 0) }

func trace(request uintptr) { syscall.RawSyscall(syscall.SYS_PTRACE, request, 0, 0) }

func unmount(flags int) { syscall.Syscall(syscall.SYS_UMOUNT2, 0, uintptr(flags), 0) }

func main() {
	open(local{})
	open(inet{})
	syscall.RawSyscall(syscall.SYS_SOCKET, 17, 3, 0)
	control(1)
	control(syscall.F_DUPFD_CLOEXEC)
	trace(16)
	trace(uintptr(len(os.Args)))
	flags := 2
	if len(os.Args) > 1 {
		flags = 8
	}
	unmount(flags)
}
