// SPDX-License-Identifier: Apache-2.0

// Nrreflectmethod has the number as a value with a method that reflection calls.
package main

import (
	"reflect"

	"example.com/mutants/rare"
)

type number uintptr

func (n number) Run() { rare.Raw(uintptr(n)) }

func main() {
	reflect.ValueOf(uintptr(rare.Number)).Convert(reflect.TypeFor[number]()).Method(0).Call(nil)
}
