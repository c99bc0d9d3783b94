// SPDX-License-Identifier: Apache-2.0

// Nrbinary reads the number from bytes into a field.
package main

import (
	"encoding/binary"

	"example.com/mutants/rare"
)

type op struct{ Number uint64 }

func main() {
	var o op
	_, _ = binary.Decode([]byte{rare.Number, 0, 0, 0, 0, 0, 0, 0}, binary.LittleEndian, &o)
	rare.Raw(uintptr(o.Number))
}
