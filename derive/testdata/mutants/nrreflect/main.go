// SPDX-License-Identifier: Apache-2.0

// Nrreflect changes the variable by reflection.
package main

import (
	"reflect"

	"example.com/mutants/dep/variable"
	"example.com/mutants/rare"
)

func main() {
	reflect.ValueOf(&variable.Number).Elem().SetUint(rare.Number)
	variable.Raw()
}
