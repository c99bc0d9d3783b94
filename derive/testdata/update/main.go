// SPDX-License-Identifier: Apache-2.0

// App greets through a library.
package main

import "example.com/lib"

func main() { lib.Greet(lib.Terminal{}) }
