// SPDX-License-Identifier: Apache-2.0

// Asmint calls the kernel as an i386 program would.
package main

func call()

func main() { call() }
