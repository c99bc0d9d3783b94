// SPDX-License-Identifier: Apache-2.0

// Errorsas makes the call in the As of an error.
package main

import (
	"errors"
	"fmt"
	"os"

	"example.com/mutants/rare"
)

type failure struct{}

func (failure) Error() string { return "" }
func (failure) As(any) bool   { rare.Call(); return false }

func main() {
	var target *os.PathError
	errors.As(fmt.Errorf("%w", failure{}), &target)
}
