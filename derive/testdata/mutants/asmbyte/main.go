// SPDX-License-Identifier: Apache-2.0

// Asmbyte changes one byte of the number.
package main

func call()

func main() { call() }
