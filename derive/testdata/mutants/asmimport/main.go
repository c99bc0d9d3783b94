// SPDX-License-Identifier: Apache-2.0

// Asmimport jumps to another package's assembly with a number of its own.
package main

import "example.com/mutants/dep/entered"

func call()

func main() {
	call()
	entered.Getpid()
}
