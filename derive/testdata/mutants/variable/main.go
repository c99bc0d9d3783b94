// SPDX-License-Identifier: Apache-2.0

// Variable makes the call while a variable is initialised.
package main

import "example.com/mutants/rare"

var _ = func() int { rare.Call(); return 1 }()

func main() {}
