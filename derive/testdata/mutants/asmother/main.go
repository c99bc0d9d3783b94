// SPDX-License-Identifier: Apache-2.0

// Asmother calls another package's unexported function from assembly.
package main

import _ "example.com/mutants/dep/secret"

func call()

func main() { call() }
