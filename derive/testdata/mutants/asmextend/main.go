// SPDX-License-Identifier: Apache-2.0

// Asmextend extends a sign into the register.
package main

func call()

func main() { call() }
