// SPDX-License-Identifier: Apache-2.0

// Execraw makes execve by its number.
package main

import "syscall"

func main() { _, _, _ = syscall.RawSyscall(syscall.SYS_EXECVE, 0, 0, 0) }
