// SPDX-License-Identifier: Apache-2.0

// Asmword16 changes two bytes of the number.
package main

func call()

func main() { call() }
