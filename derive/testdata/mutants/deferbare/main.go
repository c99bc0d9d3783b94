// SPDX-License-Identifier: Apache-2.0

// Deferbare defers the primitive itself, with its number.
package main

import "syscall"

func main() { defer syscall.RawSyscall(syscall.SYS_ACCT, 1, 0, 0) }
