// SPDX-License-Identifier: Apache-2.0

// Generic calls a method of a type parameter.
package main

import "example.com/mutants/rare"

type caller interface{ Call() }

type thing struct{}

func (*thing) Call() { rare.Call() }

func use[C caller](c C) { c.Call() }

func main() { use(&thing{}) }
