// SPDX-License-Identifier: Apache-2.0

// Asmlods loads the number by a string instruction.
package main

import "example.com/mutants/rare"

var number uintptr = rare.Number

func call()

func main() { call() }
