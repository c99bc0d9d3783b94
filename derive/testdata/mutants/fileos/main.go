// SPDX-License-Identifier: Apache-2.0

// Fileos makes the call in a file whose name asks for Linux.
package main

func main() { call() }
