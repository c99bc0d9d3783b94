// SPDX-License-Identifier: Apache-2.0

// Typemethod takes the method from the type.
package main

import (
	"reflect"

	"example.com/mutants/rare"
)

type thing struct{}

func (*thing) Call() { rare.Call() }

func main() {
	v := reflect.ValueOf(&thing{})
	v.Type().Method(0).Func.Call([]reflect.Value{v})
}
