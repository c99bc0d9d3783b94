// SPDX-License-Identifier: Apache-2.0

// Asmcallee has another function set the number.
package main

func call()

func main() { call() }
