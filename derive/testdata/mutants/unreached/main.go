// SPDX-License-Identifier: Apache-2.0

// Unreached has the call in a function that nothing calls.
package main

import "example.com/mutants/rare"

type unused struct{}

func (unused) Call() { rare.Call() }

func helper(u unused) { u.Call() }

var _ = helper

func main() {}
