// SPDX-License-Identifier: Apache-2.0

// Functype has the method on a type of functions.
package main

import "example.com/mutants/rare"

type callable func()

func (c callable) Call() { c() }

func main() {
	var v interface{ Call() } = callable(rare.Call)
	v.Call()
}
