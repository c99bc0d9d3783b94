// SPDX-License-Identifier: Apache-2.0

// Textkey makes the call in the MarshalText of a map's key.
package main

import (
	"encoding/json"

	"example.com/mutants/rare"
)

type key int

func (key) MarshalText() ([]byte, error) { rare.Call(); return []byte("k"), nil }

func main() { _, _ = json.Marshal(map[key]int{1: 1}) }
