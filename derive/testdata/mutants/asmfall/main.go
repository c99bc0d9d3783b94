// SPDX-License-Identifier: Apache-2.0

// Asmfall falls from one label to the next with a number of its own.
package main

func call()

func main() { call() }
