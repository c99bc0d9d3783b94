// SPDX-License-Identifier: Apache-2.0

// Asmtable jumps by a table of addresses.
package main

func call()

func main() { call() }
