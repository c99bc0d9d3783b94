// SPDX-License-Identifier: Apache-2.0

// Marshal makes the call in a MarshalJSON.
package main

import (
	"encoding/json"

	"example.com/mutants/rare"
)

type thing struct{}

func (thing) MarshalJSON() ([]byte, error) { rare.Call(); return []byte("1"), nil }

func main() { _, _ = json.Marshal(map[string][]thing{"x": {{}}}) }
