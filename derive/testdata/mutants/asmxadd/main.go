// SPDX-License-Identifier: Apache-2.0

// Asmxadd has the number come by an exchange with memory.
package main

import "example.com/mutants/rare"

var number uintptr = rare.Number

func call()

func main() { call() }
