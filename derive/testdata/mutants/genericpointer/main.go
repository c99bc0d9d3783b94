// SPDX-License-Identifier: Apache-2.0

// Genericpointer makes a value of a type parameter and calls its pointer's method.
package main

import "example.com/mutants/rare"

type thing struct{}

func (*thing) Call() { rare.Call() }

func use[T any, P interface {
	*T
	Call()
}]() {
	P(new(T)).Call()
}

func main() { use[thing]() }
