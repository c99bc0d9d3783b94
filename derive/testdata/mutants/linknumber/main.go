// SPDX-License-Identifier: Apache-2.0

// Linknumber changes another package's unexported number.
package main

import (
	_ "unsafe"

	"example.com/mutants/dep/secret"
	"example.com/mutants/rare"
)

//go:linkname number example.com/mutants/dep/secret.number
var number uintptr

func main() {
	number = rare.Number
	secret.Raw()
}
