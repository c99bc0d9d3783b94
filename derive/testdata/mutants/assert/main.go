// SPDX-License-Identifier: Apache-2.0

// Assert finds the method by asking a value of type any.
package main

import "example.com/mutants/rare"

type caller interface{ Call() }

type thing struct{}

func (*thing) Call() { rare.Call() }

func use(v any) {
	if c, ok := v.(caller); ok {
		c.Call()
	}
}

func main() { use(&thing{}) }
