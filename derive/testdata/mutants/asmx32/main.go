// SPDX-License-Identifier: Apache-2.0

// Asmx32 sets the bit of the x32 ABI.
package main

func call()

func main() { call() }
