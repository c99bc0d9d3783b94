// SPDX-License-Identifier: Apache-2.0

package constants

import (
	"strings"

	"github.com/gosieve/sieve/arch"
)

// Name returns the constant with one of the prefixes that has a value on an ABI: many have
// the same value, and only a caller knows which of them can be meant. The first prefix that
// has one counts, and of its constants the first in alphabetical order. Words in the form
// "!PREFIX" take names away.
func Name(value uint64, a arch.Arch, prefixes ...string) (string, bool) {
	names := sorted()
	for _, prefix := range prefixes {
		for _, name := range names {
			if !strings.HasPrefix(name, prefix) || excluded(name, prefixes) {
				continue
			}
			if v, ok, _ := Value(name, a); ok && v == value {
				return name, true
			}
		}
	}
	return "", false
}

// excluded says whether a word takes the name away.
func excluded(name string, prefixes []string) bool {
	for _, p := range prefixes {
		if without, ok := strings.CutPrefix(p, "!"); ok && strings.HasPrefix(name, without) {
			return true
		}
	}
	return false
}
