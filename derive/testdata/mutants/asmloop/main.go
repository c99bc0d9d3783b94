// SPDX-License-Identifier: Apache-2.0

// Asmloop counts the number up between two calls.
package main

func call()

func main() { call() }
