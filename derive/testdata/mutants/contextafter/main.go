// SPDX-License-Identifier: Apache-2.0

// Contextafter has a context's end make the call.
package main

import (
	"context"

	"example.com/mutants/rare"
)

func main() {
	done := make(chan struct{})
	ctx, cancel := context.WithCancel(context.Background())
	context.AfterFunc(ctx, func() {
		rare.Call()
		close(done)
	})
	cancel()
	<-done
}
