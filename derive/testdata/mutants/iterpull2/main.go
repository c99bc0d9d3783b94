// SPDX-License-Identifier: Apache-2.0

// Iterpull2 makes the call in a coroutine of pairs, in the body that the iterator calls.
package main

import (
	"iter"

	"example.com/mutants/rare"
)

type caller interface{ Call() }

type thing struct{}

func (*thing) Call() { rare.Call() }

func main() {
	var c caller = &thing{}
	next, stop := iter.Pull2(func(yield func(int, caller) bool) { yield(1, c) })
	defer stop()
	_, got, _ := next()
	got.Call()
}
