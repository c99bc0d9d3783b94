// SPDX-License-Identifier: Apache-2.0

// Nrhigh has bits above the number, which the kernel ignores.
package main

import "example.com/mutants/rare"

func high(n uint64) uintptr { return uintptr(n | 1<<32) }

func main() { rare.Raw(high(rare.Number)) }
