// SPDX-License-Identifier: Apache-2.0

// Asmpost loads the number and moves on, by one instruction.
package main

import "example.com/mutants/rare"

var numbers = [2]uintptr{rare.Number, 1}

func call()

func main() { call() }
