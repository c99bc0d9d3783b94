// SPDX-License-Identifier: Apache-2.0

// Channel sends a closure over a channel, and receives it in a select.
package main

import "example.com/mutants/rare"

func main() {
	c := make(chan func(), 1)
	c <- func() { rare.Call() }
	select {
	case f := <-c:
		f()
	default:
	}
}
