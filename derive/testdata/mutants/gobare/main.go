// SPDX-License-Identifier: Apache-2.0

// Gobare starts the primitive itself as a goroutine, with its number.
package main

import (
	"syscall"
	"time"
)

func main() {
	go syscall.Syscall(syscall.SYS_ACCT, 1, 0, 0)
	time.Sleep(100 * time.Millisecond)
}
