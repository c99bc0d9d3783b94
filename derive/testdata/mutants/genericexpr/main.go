// SPDX-License-Identifier: Apache-2.0

// Genericexpr takes the method of a type parameter as a function.
package main

import "example.com/mutants/rare"

type caller interface{ Call() }

type thing struct{}

func (thing) Call() { rare.Call() }

func method[C caller]() func(C) { return C.Call }

func main() { method[thing]()(thing{}) }
