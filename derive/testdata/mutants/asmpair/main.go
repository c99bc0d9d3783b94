// SPDX-License-Identifier: Apache-2.0

// Asmpair loads the number with another, as a pair.
package main

import "example.com/mutants/rare"

var numbers = [2]uintptr{rare.Number, 1}

func call()

func main() { call() }
