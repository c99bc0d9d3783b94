// SPDX-License-Identifier: Apache-2.0

// Asmcomment has all on one line, between comments that show another number.
package main

func call()

func main() { call() }
