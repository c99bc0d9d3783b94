// SPDX-License-Identifier: Apache-2.0

// Asmstackparam reads its parameter by the stack pointer.
package main

import "example.com/mutants/rare"

func call(number, arg uintptr)

func main() { call(rare.Number, 1) }
