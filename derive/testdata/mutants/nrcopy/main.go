// SPDX-License-Identifier: Apache-2.0

// Nrcopy has the number copied into a table by copy.
package main

import "example.com/mutants/rare"

func main() {
	var to [1]uintptr
	copy(to[:], []uintptr{rare.Number})
	rare.Raw(to[0])
}
