// SPDX-License-Identifier: Apache-2.0

// Nrnarrow makes the number shorter: what is passed would be another call.
package main

import (
	"syscall"

	"example.com/mutants/rare"
)

func narrow(n int) uintptr { return uintptr(uint8(n)) }

func main() { rare.Raw(narrow(256 + syscall.SYS_SHMDT)) }
