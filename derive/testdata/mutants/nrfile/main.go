// SPDX-License-Identifier: Apache-2.0

// Nrfile reads the number from a file.
package main

import (
	"os"

	"example.com/mutants/rare"
)

func main() {
	text, err := os.ReadFile("/nonexistent/number")
	if err == nil && len(text) > 0 {
		rare.Raw(uintptr(text[0]))
	}
}
