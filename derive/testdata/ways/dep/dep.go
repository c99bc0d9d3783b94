// Package dep makes a call when it is imported.
package dep

import "syscall"

func init() { syscall.RawSyscall(syscall.SYS_REQUEST_KEY, 0, 0, 0) }

// Nothing does nothing.
func Nothing() {}

// Unused is not called.
func Unused() { syscall.RawSyscall(syscall.SYS_KEYCTL, 0, 0, 0) }
