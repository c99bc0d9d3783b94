// SPDX-License-Identifier: Apache-2.0

// Reflectfield calls a function that stands in a field, by reflection.
package main

import (
	"reflect"

	"example.com/mutants/rare"
)

type box struct{ F func() }

func main() { reflect.ValueOf(box{rare.Call}).Field(0).Call(nil) }
