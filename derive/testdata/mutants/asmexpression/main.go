// SPDX-License-Identifier: Apache-2.0

// Asmexpression has the number as an expression, in another base.
package main

func call()

func main() { call() }
