// SPDX-License-Identifier: Apache-2.0

// Errorsis makes the call in the Is and the Unwrap of errors.
package main

import (
	"errors"
	"os"

	"example.com/mutants/rare"
)

type failure struct{}

func (failure) Error() string   { return "" }
func (failure) Unwrap() []error { rare.Call(); return nil }

func main() { errors.Is(failure{}, os.ErrClosed) }
