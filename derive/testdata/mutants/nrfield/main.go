// SPDX-License-Identifier: Apache-2.0

// Nrfield has the number in a field.
package main

import "example.com/mutants/rare"

type op struct{ number uintptr }

func run(o *op) { rare.Raw(o.number) }

func main() { run(&op{number: rare.Number}) }
