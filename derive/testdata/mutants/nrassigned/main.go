// SPDX-License-Identifier: Apache-2.0

// Nrassigned assigns a variable of another package.
package main

import (
	"example.com/mutants/dep/variable"
	"example.com/mutants/rare"
)

func main() {
	variable.Number = rare.Number
	variable.Raw()
}
