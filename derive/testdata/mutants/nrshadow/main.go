// SPDX-License-Identifier: Apache-2.0

// Nrshadow has a constant that depends on a tag of another file, by iota.
package main

import "example.com/mutants/rare"

const (
	_ uintptr = iota + rare.Number - 2
	_
	third
)

func main() { rare.Raw(third) }
