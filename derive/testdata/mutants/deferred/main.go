// SPDX-License-Identifier: Apache-2.0

// Deferred makes the call while a panic is recovered.
package main

import "example.com/mutants/rare"

func main() {
	defer func() {
		if f, ok := recover().(func()); ok {
			f()
		}
	}()
	panic(func() { rare.Call() })
}
