// SPDX-License-Identifier: Apache-2.0

// Uniqued keeps a function behind an interface in a comparable structure that is a map's key.
package main

import "example.com/mutants/rare"

type caller interface{ Call() }

type thing int

func (thing) Call() { rare.Call() }

func main() {
	m := map[caller]bool{thing(1): true}
	for k := range m {
		k.Call()
	}
}
