// SPDX-License-Identifier: Apache-2.0

// Asm makes the call in assembly of its own.
package main

func call()

func main() { call() }
