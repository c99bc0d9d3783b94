// SPDX-License-Identifier: Apache-2.0

// Linkvariable sets another package's unexported function variable.
package main

import (
	_ "unsafe"

	"example.com/mutants/dep/secret"
	"example.com/mutants/rare"
)

//go:linkname hook example.com/mutants/dep/secret.hook
var hook func()

func main() {
	hook = rare.Call
	secret.Run()
}
