// SPDX-License-Identifier: Apache-2.0

// Asmgojump jumps to a function of Go.
package main

import "example.com/mutants/rare"

func call()

func target() { rare.Call() }

func main() { call() }
