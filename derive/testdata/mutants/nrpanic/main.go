// SPDX-License-Identifier: Apache-2.0

// Nrpanic throws the number.
package main

import "example.com/mutants/rare"

func main() {
	defer func() { rare.Raw(recover().(uintptr)) }()
	panic(uintptr(rare.Number))
}
