// SPDX-License-Identifier: Apache-2.0

// Local has the method on a type that embeds another, inside a function.
package main

import "example.com/mutants/rare"

type base struct{}

func (base) Call() { rare.Call() }

func main() {
	type local struct{ base }
	var v any = local{}
	v.(interface{ Call() }).Call()
}
