// SPDX-License-Identifier: Apache-2.0

// Asmstack calls package syscall's function with a number of its own.
package main

import _ "syscall"

func call()

func main() { call() }
