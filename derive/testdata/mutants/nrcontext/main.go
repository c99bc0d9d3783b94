// SPDX-License-Identifier: Apache-2.0

// Nrcontext keeps the number in a context.
package main

import (
	"context"

	"example.com/mutants/rare"
)

type key struct{}

func main() {
	ctx := context.WithValue(context.Background(), key{}, uintptr(rare.Number))
	rare.Raw(ctx.Value(key{}).(uintptr))
}
