// SPDX-License-Identifier: Apache-2.0

// Nrsyncmap keeps the number in a sync.Map.
package main

import (
	"sync"

	"example.com/mutants/rare"
)

var numbers sync.Map

func main() {
	numbers.Store("acct", uintptr(rare.Number))
	n, _ := numbers.Load("acct")
	rare.Raw(n.(uintptr))
}
