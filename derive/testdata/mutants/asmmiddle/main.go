// SPDX-License-Identifier: Apache-2.0

// Asmmiddle jumps into another function, past its number.
package main

func call()

func main() { call() }
