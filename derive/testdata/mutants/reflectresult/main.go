// SPDX-License-Identifier: Apache-2.0

// Reflectresult makes a value of a type that only a function's result names.
package main

import (
	"reflect"

	"example.com/mutants/rare"
)

type caller interface{ Call() }

type thing struct{}

func (*thing) Call() { rare.Call() }

func main() {
	t := reflect.TypeOf(func() *thing { return nil }).Out(0).Elem()
	reflect.New(t).Interface().(caller).Call()
}
