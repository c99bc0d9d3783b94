// SPDX-License-Identifier: Apache-2.0

// Typebyname takes the method from the type by its name, through an interface of reflect's kind.
package main

import (
	"reflect"

	"example.com/mutants/rare"
)

type thing struct{}

func (*thing) Call() { rare.Call() }

type finder interface {
	MethodByName(string) (reflect.Method, bool)
}

func main() {
	var f finder = reflect.TypeFor[*thing]()
	method, _ := f.MethodByName("Call")
	method.Func.Call([]reflect.Value{reflect.ValueOf(&thing{})})
}
