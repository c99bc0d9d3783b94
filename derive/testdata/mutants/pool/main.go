// SPDX-License-Identifier: Apache-2.0

// Pool makes the call in the New of a sync.Pool.
package main

import (
	"sync"

	"example.com/mutants/rare"
)

var pool = sync.Pool{New: func() any { rare.Call(); return 1 }}

func main() { pool.Get() }
