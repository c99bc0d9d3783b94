// SPDX-License-Identifier: Apache-2.0

// Nrarrayfield has the number in an array in a structure.
package main

import (
	"os"

	"example.com/mutants/rare"
)

type op struct{ numbers [2]uintptr }

func main() {
	o := &op{}
	o.numbers[1] = rare.Number
	copied := *o
	rare.Raw(copied.numbers[len(os.Args)%2])
}
