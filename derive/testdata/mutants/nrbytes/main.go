// SPDX-License-Identifier: Apache-2.0

// Nrbytes takes the number from a constant text.
package main

import (
	"os"

	"example.com/mutants/rare"
)

func main() { rare.Raw(uintptr("\x27\xa3\x59"[1+len(os.Args)/100])) }
