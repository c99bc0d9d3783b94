// SPDX-License-Identifier: Apache-2.0

// Asmdefine has number and instruction in macros of a header.
package main

func call()

func main() { call() }
