// SPDX-License-Identifier: Apache-2.0

package argument

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/gosieve/sieve/arch"
)

func TestParameter(t *testing.T) {
	tests := []struct {
		abi   arch.Arch
		name  string
		index int
		want  string
	}{
		{arch.X86_64, "socket", 0, "domain"},
		{arch.X86_64, "socket", 3, ""},
		{arch.X86_64, "socket", -1, ""},
		{arch.X86_64, "nothing", 0, ""},
		{arch.X86_64, "clone", 0, "flags"},
		{arch.S390X, "clone", 0, "stack"}, // CONFIG_CLONE_BACKWARDS2
		{arch.S390X, "clone", 1, "flags"},
		{arch.X86_64, "mmap", 2, "prot"},
		{arch.X86, "mmap", 0, ""}, // a structure in memory
		{arch.X86, "mmap2", 2, "prot"},
	}
	for _, tt := range tests {
		assert.Equal(t, tt.want, Parameter(tt.abi, tt.name, tt.index), "%v", tt)
	}
}

// TestParameters holds the lines to calls that there are, one line for each, and to flags where
// the tables of values have flags.
func TestParameters(t *testing.T) {
	seen := map[string]bool{}
	for _, line := range strings.Split(strings.Trim(parameters, "\n"), "\n") {
		fields := strings.Fields(line)
		assert.True(t, arch.Known(fields[0]), line)
		assert.LessOrEqual(t, len(fields), 7, line)
		assert.False(t, seen[fields[0]], line)
		seen[fields[0]] = true
	}
	assert.Greater(t, len(seen), 50)
}
