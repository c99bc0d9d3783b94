// SPDX-License-Identifier: Apache-2.0

// Linkmethod calls another package's method by a linkname.
package main

import (
	_ "unsafe"

	"example.com/mutants/dep/secret"
)

//go:linkname call example.com/mutants/dep/secret.(*Thing).call
func call(*secret.Thing)

func main() { call(new(secret.Thing)) }
