// SPDX-License-Identifier: Apache-2.0

// Reflectconvert turns an int into a type with a method.
package main

import (
	"reflect"

	"example.com/mutants/rare"
)

type number int

func (number) Call() { rare.Call() }

func main() {
	v := reflect.ValueOf(3).Convert(reflect.TypeFor[number]())
	v.Interface().(interface{ Call() }).Call()
}
