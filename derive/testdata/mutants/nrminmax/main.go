// SPDX-License-Identifier: Apache-2.0

// Nrminmax takes the number by the builtin max.
package main

import "example.com/mutants/rare"

func most(a, b uintptr) uintptr { return max(a, b) }

func main() { rare.Raw(most(rare.Number, 1)) }
