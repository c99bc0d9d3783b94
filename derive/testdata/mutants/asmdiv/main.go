// SPDX-License-Identifier: Apache-2.0

// Asmdiv divides.
package main

func call()

func main() { call() }
