// SPDX-License-Identifier: Apache-2.0

// Ifaceexpr calls a method of an interface as a function.
package main

import "example.com/mutants/rare"

type caller interface{ Call() }

type thing struct{}

func (*thing) Call() { rare.Call() }

var table = map[string]func(caller){"call": caller.Call}

func main() { table["call"](&thing{}) }
