// SPDX-License-Identifier: Apache-2.0

// Asmgoconst takes a constant of Go's.
package main

import "example.com/mutants/rare"

const acct = rare.Number

func call()

func main() { call() }
