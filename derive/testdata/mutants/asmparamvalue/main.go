// SPDX-License-Identifier: Apache-2.0

// Asmparamvalue calls an assembly primitive by a variable.
package main

import "example.com/mutants/rare"

func call(number, arg uintptr)

var primitive = call

func main() { primitive(rare.Number, 1) }
