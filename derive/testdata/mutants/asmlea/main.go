// SPDX-License-Identifier: Apache-2.0

// Asmlea makes the number by an address.
package main

func call()

func main() { call() }
