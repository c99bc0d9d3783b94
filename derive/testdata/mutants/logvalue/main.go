// SPDX-License-Identifier: Apache-2.0

// Logvalue makes the call in a LogValue.
package main

import (
	"io"
	"log/slog"

	"example.com/mutants/rare"
)

type thing struct{}

func (thing) LogValue() slog.Value { rare.Call(); return slog.Value{} }

func main() { slog.New(slog.NewTextHandler(io.Discard, nil)).Info("x", "y", thing{}) }
