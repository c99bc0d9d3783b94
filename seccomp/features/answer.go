// SPDX-License-Identifier: Apache-2.0

package features

import (
	"fmt"

	"github.com/gosieve/sieve/arch"
)

// This file has the answers of which a field of Features can be one.

// Answer is yes, no, or that it cannot be told. The zero value is Unknown.
type Answer uint8

// The answers.
const (
	Unknown Answer = iota
	No
	Yes
)

// String is "yes", "no" or "unknown".
func (a Answer) String() string {
	switch a {
	case Unknown:
		return "unknown"
	case No:
		return "no"
	case Yes:
		return "yes"
	}
	return fmt.Sprintf("Answer(%d)", uint8(a))
}

// MarshalText is String, for documents.
func (a Answer) MarshalText() ([]byte, error) { return []byte(a.String()), nil }

// since says whether a kernel has what came with another.
func since(kernel, first arch.Kernel) Answer {
	switch {
	case kernel == 0:
		return Unknown
	case kernel >= first:
		return Yes
	}
	return No
}
