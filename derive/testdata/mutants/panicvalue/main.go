// SPDX-License-Identifier: Apache-2.0

// Panicvalue has the runtime ask a panic's value for its text: the program ends by the panic.
package main

import "example.com/mutants/rare"

type failure struct{}

func (failure) Error() string { rare.Call(); return "x" }

func main() { panic(failure{}) }
