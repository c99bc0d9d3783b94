// SPDX-License-Identifier: Apache-2.0

// Allthreads makes the call on all threads: the runtime keeps its number in a structure.
package main

import "syscall"

func main() { _, _, _ = syscall.AllThreadsSyscall(syscall.SYS_ACCT, 1, 0, 0) }
