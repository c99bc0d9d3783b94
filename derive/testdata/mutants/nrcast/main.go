// SPDX-License-Identifier: Apache-2.0

// Nrcast calls a function with a number through another type.
package main

import (
	"unsafe"

	"example.com/mutants/rare"
)

func use(n uintptr) { rare.Raw(n) }

func main() {
	f := use
	(*(*func(int64))(unsafe.Pointer(&f)))(rare.Number)
}
