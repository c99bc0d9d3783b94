// SPDX-License-Identifier: Apache-2.0

// Once makes the call in sync.Once.
package main

import (
	"sync"

	"example.com/mutants/rare"
)

func main() {
	var once sync.Once
	once.Do(func() { rare.Call() })
}
