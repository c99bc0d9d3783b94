// SPDX-License-Identifier: Apache-2.0

// Reflectpointer makes the pointer type by reflection: the program has only the value's.
package main

import (
	"reflect"

	"example.com/mutants/rare"
)

type caller interface{ Call() }

type thing struct{}

func (*thing) Call() { rare.Call() }

func main() {
	p := reflect.New(reflect.TypeOf(thing{}))
	p.Interface().(caller).Call()
}
