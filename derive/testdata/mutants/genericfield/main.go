// SPDX-License-Identifier: Apache-2.0

// Genericfield keeps a function in a generic structure.
package main

import "example.com/mutants/rare"

type box[F any] struct{ f F }

func (b box[F]) get() F { return b.f }

func main() { box[func()]{rare.Call}.get()() }
