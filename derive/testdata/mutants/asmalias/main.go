// SPDX-License-Identifier: Apache-2.0

// Asmalias has names for the register and for the instruction.
package main

func call()

func main() { call() }
