// SPDX-License-Identifier: Apache-2.0

// Reflectnewat gives memory a type by reflection.
package main

import (
	"reflect"
	"unsafe"

	"example.com/mutants/rare"
)

type caller interface{ Call() }

type thing struct{}

func (*thing) Call() { rare.Call() }

func main() {
	var n int64
	reflect.NewAt(reflect.TypeFor[thing](), unsafe.Pointer(&n)).Interface().(caller).Call()
}
