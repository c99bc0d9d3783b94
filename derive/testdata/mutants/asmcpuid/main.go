// SPDX-License-Identifier: Apache-2.0

// Asmcpuid has an instruction between that writes the register: here with what the number comes from.
package main

func call()

func main() { call() }
