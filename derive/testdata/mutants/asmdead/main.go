// SPDX-License-Identifier: Apache-2.0

// Asmdead has the instruction in a file for another architecture's tag.
package main

func main() {}
