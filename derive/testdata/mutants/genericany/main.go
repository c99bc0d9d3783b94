// SPDX-License-Identifier: Apache-2.0

// Genericany asks a value of a type parameter for the method.
package main

import "example.com/mutants/rare"

type caller interface{ Call() }

type thing struct{}

func (*thing) Call() { rare.Call() }

func use[V any](v V) {
	if c, ok := any(v).(caller); ok {
		c.Call()
	}
}

func main() { use(&thing{}) }
