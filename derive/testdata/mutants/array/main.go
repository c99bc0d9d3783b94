// SPDX-License-Identifier: Apache-2.0

// Array keeps a closure in an array of slices.
package main

import "example.com/mutants/rare"

var hooks [2][]func()

func main() {
	hooks[1] = append(hooks[1], rare.Call)
	for _, list := range hooks {
		for _, f := range list {
			f()
		}
	}
}
