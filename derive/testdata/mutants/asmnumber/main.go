// SPDX-License-Identifier: Apache-2.0

// Asmnumber writes the load of the number as bytes, after another.
package main

func call()

func main() { call() }
