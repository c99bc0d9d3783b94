// SPDX-License-Identifier: Apache-2.0

// Asmbytes writes the instruction as bytes.
package main

func call()

func main() { call() }
