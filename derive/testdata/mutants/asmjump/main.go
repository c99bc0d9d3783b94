// SPDX-License-Identifier: Apache-2.0

// Asmjump comes to the instruction by a jump, past another number.
package main

func call(which uintptr)

func main() { call(0) }
