// SPDX-License-Identifier: Apache-2.0

// Asmcmov moves the number in on a condition.
package main

func call()

func main() { call() }
