// SPDX-License-Identifier: Apache-2.0

// Anonymous asks for an interface that has no name, in a type switch.
package main

import "example.com/mutants/rare"

type caller interface{ Call() }

type thing struct{}

func (*thing) Call() { rare.Call() }

func use(v any) {
	switch v := v.(type) {
	case interface{ Call() }:
		v.Call()
	}
}

func main() { use(new(thing)) }
