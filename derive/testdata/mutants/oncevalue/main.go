// SPDX-License-Identifier: Apache-2.0

// Oncevalue makes the call in sync.OnceValue.
package main

import (
	"sync"

	"example.com/mutants/rare"
)

var value = sync.OnceValue(func() int { rare.Call(); return 1 })

func main() { value() }
