// SPDX-License-Identifier: Apache-2.0

// Asmgotable calls a function of Go that stands in assembly's data.
package main

import "example.com/mutants/rare"

func call()

func target() { rare.Call() }

func main() { call() }
