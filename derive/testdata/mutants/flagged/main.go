// SPDX-License-Identifier: Apache-2.0

// Flagged makes the call in the Set of a flag.
package main

import (
	"flag"

	"example.com/mutants/rare"
)

type thing struct{}

func (thing) String() string   { return "" }
func (thing) Set(string) error { rare.Call(); return nil }

func main() {
	set := flag.NewFlagSet("", flag.ContinueOnError)
	set.Var(thing{}, "x", "")
	_ = set.Parse([]string{"-x", "1"})
}
