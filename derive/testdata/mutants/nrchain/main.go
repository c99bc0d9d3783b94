// SPDX-License-Identifier: Apache-2.0

// Nrchain passes the number through wrappers.
package main

import "example.com/mutants/rare"

func one(n uintptr)        { two(0, n) }
func two(_ int, n uintptr) { three(n) }
func three(n uintptr)      { rare.Raw(n) }

func main() { one(rare.Number) }
