// SPDX-License-Identifier: Apache-2.0

// Asmword writes the instruction as one word, in decimal.
package main

func call()

func main() { call() }
