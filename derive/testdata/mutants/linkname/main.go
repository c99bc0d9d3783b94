// SPDX-License-Identifier: Apache-2.0

// Linkname calls an unexported function of another package.
package main

import _ "example.com/mutants/dep/secret"

import _ "unsafe"

//go:linkname secret example.com/mutants/dep/secret.secret
func secret()

func main() { secret() }
