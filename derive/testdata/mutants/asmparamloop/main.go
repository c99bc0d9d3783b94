// SPDX-License-Identifier: Apache-2.0

// Asmparamloop changes its parameter before it reads it.
package main

import "example.com/mutants/rare"

func call(number, arg uintptr)

func main() { call(rare.Number-1, 1) }
