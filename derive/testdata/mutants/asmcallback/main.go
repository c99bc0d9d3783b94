// SPDX-License-Identifier: Apache-2.0

// Asmcallback gives assembly a function to call.
package main

import "example.com/mutants/rare"

func call(f func())

func main() { call(rare.Call) }
