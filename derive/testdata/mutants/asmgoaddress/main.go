// SPDX-License-Identifier: Apache-2.0

// Asmgoaddress calls a function of Go by its address.
package main

import "example.com/mutants/rare"

func call()

func target() { rare.Call() }

func main() { call() }
