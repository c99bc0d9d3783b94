// SPDX-License-Identifier: Apache-2.0

// Nratomic adds to the variable by sync/atomic.
package main

import (
	"sync/atomic"

	"example.com/mutants/dep/variable"
	"example.com/mutants/rare"
)

func main() {
	atomic.AddUintptr(&variable.Number, rare.Number-39)
	variable.Raw()
}
