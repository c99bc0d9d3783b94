// SPDX-License-Identifier: Apache-2.0

// Asmpc jumps past another number, by a count of instructions.
package main

func call()

func main() { call() }
