// SPDX-License-Identifier: Apache-2.0

// Nrxor hides the number.
package main

import "example.com/mutants/rare"

func hide(n, key uintptr) uintptr { return n ^ key }

func main() { rare.Raw(hide(rare.Number^0x5a5a, 0x5a5a)) }
