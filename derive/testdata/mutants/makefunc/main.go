// SPDX-License-Identifier: Apache-2.0

// Makefunc makes a function by reflection.
package main

import (
	"reflect"

	"example.com/mutants/rare"
)

func main() {
	var f func()
	made := reflect.MakeFunc(reflect.TypeOf(f), func([]reflect.Value) []reflect.Value {
		rare.Call()
		return nil
	})
	f = made.Interface().(func())
	f()
}
