// SPDX-License-Identifier: Apache-2.0

// Nrfieldreflect writes a field by reflection.
package main

import (
	"reflect"
	"syscall"

	"example.com/mutants/rare"
)

type op struct{ Number uintptr }

func main() {
	o := op{syscall.SYS_GETPID}
	reflect.ValueOf(&o).Elem().Field(0).SetUint(rare.Number)
	rare.Raw(o.Number)
}
