// SPDX-License-Identifier: Apache-2.0

// Nrsigned has a number that only a shift and a sign make right.
package main

import "example.com/mutants/rare"

func shift(n int64) uintptr { return uintptr(-n >> 1) }

func main() { rare.Raw(shift(-2 * rare.Number)) }
