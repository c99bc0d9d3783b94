// SPDX-License-Identifier: Apache-2.0

// Formatter makes the call in a Format.
package main

import (
	"fmt"

	"example.com/mutants/rare"
)

type thing struct{}

func (thing) Format(fmt.State, rune) { rare.Call() }

func main() { _ = fmt.Sprint([]any{map[int]thing{1: {}}}) }
