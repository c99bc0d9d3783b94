// SPDX-License-Identifier: Apache-2.0

// Cycle reaches the call through functions that call one another by a table.
package main

import "example.com/mutants/rare"

var table [2]func(int)

func even(n int) { table[1](n - 1) }

func odd(n int) {
	if n <= 0 {
		rare.Call()
		return
	}
	table[0](n - 1)
}

func init() { table = [2]func(int){even, odd} }

func main() { even(4) }
