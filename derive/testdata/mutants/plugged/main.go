// SPDX-License-Identifier: Apache-2.0

// Plugged opens a plugin.
package main

import "plugin"

func main() { _, _ = plugin.Open("/nonexistent") }
