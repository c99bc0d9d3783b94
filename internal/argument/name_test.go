// SPDX-License-Identifier: Apache-2.0

package argument

import (
	"strings"
	"testing"

	"github.com/gosieve/sieve/arch"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestNames: a value has the name that Text gives it, and Parse reads it back.
func TestNames(t *testing.T) {
	named := 0
	for _, a := range []arch.Arch{arch.X86_64, arch.X86, arch.MIPS, arch.S390X} {
		for _, line := range lines(signatures) {
			call, _, _ := strings.Cut(line, " ")
			for index := range Count(a, call) {
				for _, v := range []uint64{0, 1, 2, 8, 40, 0x541b, 0x20000, 0x10000011, 1 << 32, 1<<33 + 1} {
					var args [6]uint64
					args[index] = v
					n := NamesOf(a, call, index, args, [6]bool{true, true, true, true, true, true})
					text, ok := n.Value(v)
					if !ok || n.kind == "mode" { // whose names package constants has
						continue
					}
					named++
					back, err := Parse(a, text)
					require.NoError(t, err, "%v %s %d: %s", a, call, index, text)
					require.Equal(t, v, back, "%v %s %d: %s", a, call, index, text)
				}
			}
		}
	}
	assert.Greater(t, named, 1000)
}
