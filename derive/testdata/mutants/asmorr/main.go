// SPDX-License-Identifier: Apache-2.0

// Asmorr makes the number by a logical instruction from the zero register.
package main

func call()

func main() { call() }
