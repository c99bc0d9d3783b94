// SPDX-License-Identifier: Apache-2.0

// Direct makes the call as any program would.
package main

import "example.com/mutants/rare"

func main() { rare.Call() }
