// SPDX-License-Identifier: Apache-2.0

// Copied makes the call in a ReadFrom that io.Copy asks for.
package main

import (
	"io"
	"strings"

	"example.com/mutants/rare"
)

type thing struct{ io.Writer }

func (thing) ReadFrom(io.Reader) (int64, error) { rare.Call(); return 0, nil }

func main() { _, _ = io.Copy(thing{}, struct{ io.Reader }{strings.NewReader("x")}) }
