// SPDX-License-Identifier: Apache-2.0

// Asmcmpxchg has the number come by a failed comparison.
package main

import "example.com/mutants/rare"

var number uintptr = rare.Number

func call()

func main() { call() }
