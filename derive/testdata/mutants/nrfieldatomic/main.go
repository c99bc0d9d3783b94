// SPDX-License-Identifier: Apache-2.0

// Nrfieldatomic writes a field by sync/atomic.
package main

import (
	"sync/atomic"

	"example.com/mutants/rare"
)

type op struct{ number uintptr }

func (o op) run() { rare.Raw(o.number) }

func main() {
	var o op
	atomic.StoreUintptr(&o.number, rare.Number)
	o.run()
}
