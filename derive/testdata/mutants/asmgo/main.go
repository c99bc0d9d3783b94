// SPDX-License-Identifier: Apache-2.0

// Asmgo calls a function of Go from assembly.
package main

import "example.com/mutants/rare"

func call()

func target() { rare.Call() }

func main() { call() }
