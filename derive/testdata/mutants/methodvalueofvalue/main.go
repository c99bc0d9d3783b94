// SPDX-License-Identifier: Apache-2.0

// Methodvalueofvalue takes reflection's MethodByName as a function value. The linker does not see that, drops the method, and the program ends there.
package main

import (
	"reflect"

	"example.com/mutants/rare"
)

type thing struct{}

func (*thing) Call() { rare.Call() }

var find = reflect.Value.MethodByName

func main() { find(reflect.ValueOf(&thing{}), "Call").Call(nil) }
