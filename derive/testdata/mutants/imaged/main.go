// SPDX-License-Identifier: Apache-2.0

// Imaged registers a decoder that package image finds by its magic.
package main

import (
	"image"
	"io"
	"strings"

	"example.com/mutants/rare"
)

func main() {
	image.RegisterFormat("x", "x", nil, func(io.Reader) (image.Config, error) { rare.Call(); return image.Config{}, nil })
	_, _, _ = image.DecodeConfig(strings.NewReader("x"))
}
