// SPDX-License-Identifier: Apache-2.0

// Nrglobal has the number in a variable of the package.
package main

import "example.com/mutants/rare"

var number uintptr = rare.Number

func main() { rare.Raw(number) }
