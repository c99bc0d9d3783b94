// SPDX-License-Identifier: Apache-2.0

// Stringer makes the call in a String.
package main

import (
	"fmt"

	"example.com/mutants/rare"
)

type thing int

func (thing) String() string { rare.Call(); return "" }

func main() { _ = fmt.Sprintf("%v", thing(1)) }
