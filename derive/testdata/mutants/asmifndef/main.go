// SPDX-License-Identifier: Apache-2.0

// Asmifndef has the number in the other branch of a condition.
package main

func call()

func main() { call() }
