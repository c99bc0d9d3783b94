// SPDX-License-Identifier: Apache-2.0

// Genericrecursive passes a number through generic functions that call one another.
package main

import "example.com/mutants/rare"

type number interface{ ~uintptr | ~uint16 }

func down[N number](n N, depth int) {
	if depth == 0 {
		rare.Raw(uintptr(n))
		return
	}
	up(n, depth-1)
}

func up[N number](n N, depth int) { down(n, depth) }

func main() { up(uint16(rare.Number), 3) }
