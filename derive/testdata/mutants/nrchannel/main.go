// SPDX-License-Identifier: Apache-2.0

// Nrchannel receives the number.
package main

import "example.com/mutants/rare"

func main() {
	c := make(chan uintptr, 1)
	c <- rare.Number
	rare.Raw(<-c)
}
