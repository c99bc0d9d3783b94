// SPDX-License-Identifier: Apache-2.0

// Nrfloat has the number as a fraction.
package main

import "example.com/mutants/rare"

func half(f float64) uintptr { return uintptr(f / 2) }

func main() { rare.Raw(half(2*rare.Number + 1)) }
