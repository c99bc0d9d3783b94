// SPDX-License-Identifier: Apache-2.0

// Methodvalue binds a method to its receiver and calls it later.
package main

import "example.com/mutants/rare"

type caller interface{ Call() }

type thing struct{}

func (*thing) Call() { rare.Call() }

var later func()

func main() {
	later = (&thing{}).Call
	later()
}
