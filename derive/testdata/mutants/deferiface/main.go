// SPDX-License-Identifier: Apache-2.0

// Deferiface defers a method of an interface.
package main

import (
	"io"

	"example.com/mutants/rare"
)

type thing struct{}

func (thing) Close() error { rare.Call(); return nil }

func main() {
	var c io.Closer = thing{}
	defer c.Close()
}
