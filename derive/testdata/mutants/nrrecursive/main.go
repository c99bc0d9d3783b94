// SPDX-License-Identifier: Apache-2.0

// Nrrecursive counts to the number in calls of itself.
package main

import "example.com/mutants/rare"

func count(n uintptr, left int) {
	if left == 0 {
		rare.Raw(n)
		return
	}
	count(n+1, left-1)
}

func main() { count(rare.Number-3, 3) }
