// SPDX-License-Identifier: Apache-2.0

// Errorstarget calls a method of the type that errors.As found.
package main

import (
	"errors"

	"example.com/mutants/rare"
)

type failure interface {
	error
	Call()
}

type own struct{}

func (*own) Error() string { return "" }
func (*own) Call()         { rare.Call() }

func main() {
	var target failure
	if errors.As(errors.Join(&own{}), &target) {
		target.Call()
	}
}
