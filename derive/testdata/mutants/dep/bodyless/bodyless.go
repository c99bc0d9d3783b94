// SPDX-License-Identifier: Apache-2.0

// Package bodyless declares a function that another package has.
package bodyless

// Given has its body elsewhere.
func Given()

// Run calls it.
func Run() { Given() }
