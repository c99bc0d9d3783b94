// SPDX-License-Identifier: Apache-2.0

// Unsafeword keeps a function as a word and calls it by that.
package main

import (
	"unsafe"

	"example.com/mutants/rare"
)

var word uintptr

func main() {
	f := rare.Call
	word = **(**uintptr)(unsafe.Pointer(&f))
	p := &word
	(*(*func())(unsafe.Pointer(&p)))()
}
