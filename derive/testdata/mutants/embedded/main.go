// SPDX-License-Identifier: Apache-2.0

// Embedded reaches the method through two structures and an interface that embed it.
package main

import "example.com/mutants/rare"

type caller interface{ Call() }

type thing struct{}

func (*thing) Call() { rare.Call() }

type inner struct{ caller }

type outer struct{ *inner }

func main() {
	var v interface{ Call() } = outer{&inner{&thing{}}}
	v.Call()
}
