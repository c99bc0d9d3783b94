// SPDX-License-Identifier: Apache-2.0

// Nrnegative makes the number from the negative.
package main

import "example.com/mutants/rare"

func minus(n int) uintptr { return uintptr(-n) }

func main() { rare.Raw(minus(-rare.Number)) }
