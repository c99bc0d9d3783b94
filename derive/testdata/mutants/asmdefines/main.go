// SPDX-License-Identifier: Apache-2.0

// Asmdefines has a function of another package, defined here.
package main

import "example.com/mutants/dep/outside"

func main() { outside.Run() }
