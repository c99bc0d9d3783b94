// SPDX-License-Identifier: Apache-2.0

// Asmmemory reads the number from a variable of Go's.
package main

import "example.com/mutants/rare"

var number uintptr = rare.Number

func call()

func main() { call() }
