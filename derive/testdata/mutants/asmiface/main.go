// SPDX-License-Identifier: Apache-2.0

// Asmiface gives assembly an interface, whose method it calls.
package main

import "example.com/mutants/rare"

type caller interface{ Call() }

type thing struct{ n int }

func (*thing) Call() { rare.Call() }

func call(c caller)

var kept caller

func main() {
	call(&thing{})
	if kept != nil {
		kept.Call() // or the linker drops the method
	}
}
