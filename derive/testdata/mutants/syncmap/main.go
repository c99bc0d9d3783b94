// SPDX-License-Identifier: Apache-2.0

// Syncmap keeps a closure in a sync.Map.
package main

import (
	"sync"

	"example.com/mutants/rare"
)

var hooks sync.Map

func main() {
	hooks.Store(1, func() { rare.Call() })
	hooks.Range(func(_, f any) bool { f.(func())(); return true })
}
