// SPDX-License-Identifier: Apache-2.0

// Asmtail sets the number and jumps to another function's instruction.
package main

func call()

func main() { call() }
