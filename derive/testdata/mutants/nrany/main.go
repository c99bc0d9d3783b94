// SPDX-License-Identifier: Apache-2.0

// Nrany has the number in an interface.
package main

import "example.com/mutants/rare"

func use(v any) { rare.Raw(v.(uintptr)) }

func main() { use(uintptr(rare.Number)) }
