// SPDX-License-Identifier: Apache-2.0

// Dead has the call where no run comes: behind a constant.
package main

import "example.com/mutants/rare"

const enabled = false

func main() {
	if enabled {
		rare.Call()
	}
}
