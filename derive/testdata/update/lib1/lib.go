// SPDX-License-Identifier: Apache-2.0

// Package lib greets.
package lib

import "os"

// A Greeter can greet.
type Greeter interface{ Greet() }

// Terminal greets on standard output.
type Terminal struct{}

// Greet writes a word.
func (Terminal) Greet() { _, _ = os.Stdout.WriteString("hello\n") }

// Greet has a Greeter greet.
func Greet(g Greeter) { g.Greet() }
