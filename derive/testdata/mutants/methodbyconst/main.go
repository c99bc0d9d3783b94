// SPDX-License-Identifier: Apache-2.0

// Methodbyconst asks reflection for a method, with a constant name.
package main

import (
	"reflect"

	"example.com/mutants/rare"
)

type thing struct{}

func (*thing) Call() { rare.Call() }

func main() { reflect.ValueOf(&thing{}).MethodByName("Call").Call(nil) }
