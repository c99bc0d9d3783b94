// SPDX-License-Identifier: Apache-2.0

// Asmcomputed adds up the number.
package main

func call()

func main() { call() }
