// SPDX-License-Identifier: Apache-2.0

// Nrgenericfield has the number in a field of a generic structure.
package main

import "example.com/mutants/rare"

type box[V any] struct{ value V }

func (b *box[V]) get() V { return b.value }

func main() { rare.Raw((&box[uintptr]{rare.Number}).get()) }
