// SPDX-License-Identifier: Apache-2.0

// Package initcall makes the call in its second init.
package initcall

import "example.com/mutants/rare"

func init() {}

func init() { rare.Call() }
