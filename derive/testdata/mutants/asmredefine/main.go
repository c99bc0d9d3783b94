// SPDX-License-Identifier: Apache-2.0

// Asmredefine gives a name two meanings, one after the other.
package main

func call()

func main() { call() }
