// SPDX-License-Identifier: Apache-2.0

// Returned calls what a function returns, twice over.
package main

import "example.com/mutants/rare"

func maker() func() func() { return func() func() { return rare.Call } }

func main() { maker()()() }
