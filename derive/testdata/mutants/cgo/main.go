// SPDX-License-Identifier: Apache-2.0

// Cgo imports a package that is C.
package main

import "example.com/mutants/dep/inc"

func main() { inc.Call() }
