// SPDX-License-Identifier: Apache-2.0

// Package variable has a number that others change.
package variable

import "example.com/mutants/rare"

// Number is getpid's on amd64.
var Number uintptr = 39

// Raw makes the call of the number.
func Raw() { rare.Raw(Number) }
