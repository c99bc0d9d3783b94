// SPDX-License-Identifier: Apache-2.0

// Reflectcall calls the primitive itself by reflection.
package main

import (
	"reflect"
	"syscall"

	"example.com/mutants/rare"
)

func main() {
	args := []reflect.Value{reflect.ValueOf(uintptr(rare.Number)), reflect.ValueOf(uintptr(1)), reflect.ValueOf(uintptr(0)), reflect.ValueOf(uintptr(0))}
	reflect.ValueOf(syscall.Syscall).Call(args)
}
