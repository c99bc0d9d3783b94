// SPDX-License-Identifier: Apache-2.0

// Scanner makes the call in a Scan.
package main

import (
	"fmt"

	"example.com/mutants/rare"
)

type thing int

func (*thing) Scan(fmt.ScanState, rune) error { rare.Call(); return nil }

func main() {
	var t thing
	_, _ = fmt.Sscan("x", &t)
}
