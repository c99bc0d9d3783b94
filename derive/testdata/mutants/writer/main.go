// SPDX-License-Identifier: Apache-2.0

// Writer makes the call in the Write behind three writers.
package main

import (
	"bufio"
	"io"
	"strings"

	"example.com/mutants/rare"
)

type thing struct{}

func (thing) Write(p []byte) (int, error) { rare.Call(); return len(p), nil }

func main() {
	w := bufio.NewWriter(io.MultiWriter(io.Discard, thing{}))
	_, _ = io.Copy(w, strings.NewReader("x"))
	_ = w.Flush()
}
