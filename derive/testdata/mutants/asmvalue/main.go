// SPDX-License-Identifier: Apache-2.0

// Asmvalue calls a function of assembly through a variable.
package main

func call()

var hook = call

func main() { hook() }
