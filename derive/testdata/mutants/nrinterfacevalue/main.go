// SPDX-License-Identifier: Apache-2.0

// Nrinterfacevalue has the number as a value with a method.
package main

import "example.com/mutants/rare"

type number uintptr

func (n number) Run() { rare.Raw(uintptr(n)) }

func main() {
	var r interface{ Run() } = number(rare.Number)
	r.Run()
}
