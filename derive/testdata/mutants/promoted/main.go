// SPDX-License-Identifier: Apache-2.0

// Promoted calls by reflection a method that an embedded structure lends.
package main

import (
	"reflect"

	"example.com/mutants/rare"
)

type caller interface{ Call() }

type thing struct{}

func (*thing) Call() { rare.Call() }

type outer struct{ *thing }

func main() { reflect.ValueOf(outer{&thing{}}).Method(0).Call(nil) }
