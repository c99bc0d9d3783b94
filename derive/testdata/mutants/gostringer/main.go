// SPDX-License-Identifier: Apache-2.0

// Gostringer makes the call in a GoString, of a field.
package main

import (
	"fmt"

	"example.com/mutants/rare"
)

type thing int

func (thing) GoString() string { rare.Call(); return "" }

func main() { _ = fmt.Sprintf("%#v", struct{ X thing }{}) }
