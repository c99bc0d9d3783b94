// SPDX-License-Identifier: Apache-2.0

// Base makes no rare call: what the others are compared with.
package main

func main() {}
