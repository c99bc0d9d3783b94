// SPDX-License-Identifier: Apache-2.0

// Package secret has a function that only a linkname reaches, and a hook that only a
// linkname sets.
package secret

import (
	_ "unsafe"

	"example.com/mutants/rare"
)

func secret() { rare.Call() }

// shown has the name by which assembly of other packages calls it.
//
//go:linkname shown
func shown() { rare.Call() }

var hook func()

// Run calls the hook.
func Run() {
	if hook != nil {
		hook()
	}
}

var number uintptr = 39

// Raw makes the call of the number, which a linkname may change.
func Raw() { rare.Raw(number) }

// Thing has a method that only a linkname reaches.
type Thing struct{}

func (*Thing) call() { rare.Call() }
