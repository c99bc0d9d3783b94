// SPDX-License-Identifier: Apache-2.0

// Methodexpr calls a method as a function of its receiver.
package main

import "example.com/mutants/rare"

type caller interface{ Call() }

type thing struct{}

func (*thing) Call() { rare.Call() }

func apply(f func(*thing), t *thing) { f(t) }

func main() { apply((*thing).Call, &thing{}) }
