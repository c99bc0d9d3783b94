// SPDX-License-Identifier: Apache-2.0

// Initcall imports a package that makes the call in its init.
package main

import _ "example.com/mutants/dep/initcall"

func main() {}
