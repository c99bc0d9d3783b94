// SPDX-License-Identifier: Apache-2.0

// Nrasfunc gives the number by a function that reflection calls.
package main

import (
	"reflect"

	"example.com/mutants/rare"
)

func use(n uintptr) { rare.Raw(n) }

func main() { reflect.ValueOf(use).Call([]reflect.Value{reflect.ValueOf(uintptr(rare.Number))}) }
