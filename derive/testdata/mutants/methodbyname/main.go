// SPDX-License-Identifier: Apache-2.0

// Methodbyname asks reflection for a method, with a name that is data.
package main

import (
	"reflect"

	"example.com/mutants/rare"
)

type thing struct{}

func (*thing) Call() { rare.Call() }

func main() { reflect.ValueOf(&thing{}).MethodByName(string([]byte{67, 97, 108, 108})).Call(nil) }
