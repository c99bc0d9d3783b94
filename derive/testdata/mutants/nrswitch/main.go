// SPDX-License-Identifier: Apache-2.0

// Nrswitch finds the number by a word.
package main

import (
	"syscall"

	"example.com/mutants/rare"
)

func number(name string) uintptr {
	switch name {
	case "acct":
		return rare.Number
	case "getpid":
		return syscall.SYS_GETPID
	}
	panic(name)
}

func main() { rare.Raw(number("acct")) }
