// SPDX-License-Identifier: Apache-2.0

// Asmpop takes the number from the stack.
package main

func call()

func main() { call() }
