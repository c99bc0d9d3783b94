// SPDX-License-Identifier: Apache-2.0

// Nrwrap has a number that only its conversion makes right.
package main

import "example.com/mutants/rare"

func narrow(n int) uintptr { return uintptr(uint8(n)) }

func main() { rare.Raw(narrow(0x500 + rare.Number)) }
