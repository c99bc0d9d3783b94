// SPDX-License-Identifier: Apache-2.0

// Asmmul multiplies: an instruction that names one register writes another.
package main

func call()

func main() { call() }
