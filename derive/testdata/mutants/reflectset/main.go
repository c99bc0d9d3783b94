// SPDX-License-Identifier: Apache-2.0

// Reflectset puts a function into a variable by reflection.
package main

import (
	"reflect"

	"example.com/mutants/rare"
)

var hook func()

func main() {
	reflect.ValueOf(&hook).Elem().Set(reflect.ValueOf(rare.Call))
	hook()
}
