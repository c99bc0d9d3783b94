// SPDX-License-Identifier: Apache-2.0

// Xmled makes the call in the UnmarshalXML of a field.
package main

import (
	"encoding/xml"

	"example.com/mutants/rare"
)

type thing struct{}

func (*thing) UnmarshalXML(*xml.Decoder, xml.StartElement) error { rare.Call(); return nil }

func main() {
	var v struct {
		X *thing
	}
	_ = xml.Unmarshal([]byte("<a><X/></a>"), &v)
}
