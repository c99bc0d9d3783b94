// SPDX-License-Identifier: Apache-2.0

// Tagged makes the call only if it is built with the tag rare.
package main

func main() { call() }
