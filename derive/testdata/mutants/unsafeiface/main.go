// SPDX-License-Identifier: Apache-2.0

// Unsafeiface puts another type's value behind an interface, word by word.
package main

import (
	"runtime"
	"unsafe"

	"example.com/mutants/rare"
)

type caller interface{ Call() }

type thing struct{}

func (*thing) Call() { rare.Call() }

type other struct{}

func (*other) Call() {}

func main() {
	var a, b caller = &other{}, &thing{}
	*(*[2]uintptr)(unsafe.Pointer(&a)) = *(*[2]uintptr)(unsafe.Pointer(&b))
	a.Call()
	runtime.KeepAlive(b)
}
