// SPDX-License-Identifier: Apache-2.0

// Reflectnew makes a value of a type that only a field's type names.
package main

import (
	"reflect"

	"example.com/mutants/rare"
)

type caller interface{ Call() }

type thing struct{}

func (*thing) Call() { rare.Call() }

type holder struct{ Things map[string][]*thing }

func main() {
	t := reflect.TypeFor[holder]().Field(0).Type.Elem().Elem().Elem()
	reflect.New(t).Interface().(caller).Call()
}
