// SPDX-License-Identifier: Apache-2.0

// Asmparam takes the number as a parameter.
package main

import "example.com/mutants/rare"

func call(number, arg uintptr)

func main() { call(rare.Number, 1) }
