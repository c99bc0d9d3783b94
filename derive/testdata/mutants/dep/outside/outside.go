// SPDX-License-Identifier: Apache-2.0

// Package outside jumps to a function that another package must define.
package outside

// Run calls it.
func Run()
