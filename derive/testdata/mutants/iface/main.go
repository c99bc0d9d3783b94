// SPDX-License-Identifier: Apache-2.0

// Iface calls a method of an interface.
package main

import "example.com/mutants/rare"

type caller interface{ Call() }

type thing struct{}

func (*thing) Call() { rare.Call() }

func use(c caller) { c.Call() }

func main() { use(&thing{}) }
