// SPDX-License-Identifier: Apache-2.0

// Gobbed makes the call in the GobDecode of a registered type.
package main

import (
	"bytes"
	"encoding/gob"

	"example.com/mutants/rare"
)

type thing struct{}

func (thing) GobEncode() ([]byte, error) { return nil, nil }
func (*thing) GobDecode([]byte) error    { rare.Call(); return nil }

func main() {
	gob.Register(thing{})
	var b bytes.Buffer
	var v any = thing{}
	_ = gob.NewEncoder(&b).Encode(&v)
	_ = gob.NewDecoder(&b).Decode(&v)
}
