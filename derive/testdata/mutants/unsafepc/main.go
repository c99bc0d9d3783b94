// SPDX-License-Identifier: Apache-2.0

// Unsafepc calls a function by the address that reflection gives.
package main

import (
	"reflect"
	"unsafe"

	"example.com/mutants/rare"
)

func target() { rare.Call() }

func main() {
	pc := reflect.ValueOf(target).Pointer()
	p := &pc
	(*(*func())(unsafe.Pointer(&p)))()
}
