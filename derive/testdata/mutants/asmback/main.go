// SPDX-License-Identifier: Apache-2.0

// Asmback sets the number after the instruction and jumps back.
package main

func call()

func main() { call() }
