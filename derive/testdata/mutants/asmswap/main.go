// SPDX-License-Identifier: Apache-2.0

// Asmswap swaps the number in.
package main

func call()

func main() { call() }
