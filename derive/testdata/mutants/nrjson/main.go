// SPDX-License-Identifier: Apache-2.0

// Nrjson reads the number from JSON into a field.
package main

import (
	"encoding/json"
	"strconv"

	"example.com/mutants/rare"
)

type op struct{ Number uintptr }

func main() {
	var o op
	_ = json.Unmarshal([]byte(`{"Number":`+strconv.Itoa(rare.Number)+`}`), &o)
	rare.Raw(o.Number)
}
