// SPDX-License-Identifier: Apache-2.0

// Nrmap takes the number from a map.
package main

import "example.com/mutants/rare"

var numbers = map[string]uintptr{"acct": rare.Number}

func main() { rare.Raw(numbers["acct"]) }
