// SPDX-License-Identifier: Apache-2.0

// Ifacevalue binds a method of an interface.
package main

import "example.com/mutants/rare"

type caller interface{ Call() }

type thing struct{}

func (*thing) Call() { rare.Call() }

func bind(c caller) func() { return c.Call }

func main() { bind(&thing{})() }
