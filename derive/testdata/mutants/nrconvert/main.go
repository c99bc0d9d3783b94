// SPDX-License-Identifier: Apache-2.0

// Nrconvert turns a structure into another type.
package main

import "example.com/mutants/rare"

type op struct{ number uintptr }

func (o op) run() { rare.Raw(o.number) }

type other struct{ number uintptr }

func main() { op(other{rare.Number}).run() }
