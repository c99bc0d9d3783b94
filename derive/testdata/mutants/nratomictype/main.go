// SPDX-License-Identifier: Apache-2.0

// Nratomictype keeps the number in an atomic type.
package main

import (
	"sync/atomic"

	"example.com/mutants/rare"
)

var number atomic.Uintptr

func main() {
	number.Store(rare.Number)
	rare.Raw(number.Load())
}
