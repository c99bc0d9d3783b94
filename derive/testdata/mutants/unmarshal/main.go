// SPDX-License-Identifier: Apache-2.0

// Unmarshal makes the call in the UnmarshalJSON of a type that only a field names.
package main

import (
	"encoding/json"

	"example.com/mutants/rare"
)

type thing struct{}

func (*thing) UnmarshalJSON([]byte) error { rare.Call(); return nil }

func main() {
	var v struct{ X map[string]*thing }
	_ = json.Unmarshal([]byte(`{"X":{"a":1}}`), &v)
}
