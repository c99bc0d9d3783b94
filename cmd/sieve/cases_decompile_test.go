// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/binary"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// twoConditions asks for an argument of 0, or one of its bits. Two rules say that.
func twoConditions(t *testing.T, dir string) {
	file := filepath.Join(dir, "decompile-two-conditions.json")
	raw := filepath.Join(t.TempDir(), "two.bpf")
	got := call(t, "", "compile", "--profile", file, "--arch", "amd64", "--enosys", "off", "--format", "raw", "-o", raw)
	require.Zero(t, got.status, got.stderr)
	got = call(t, "", "decompile", "--arch", "amd64", "--format", "rules", raw)
	require.Zero(t, got.status, got.stderr)
	lines := strings.Split(strings.TrimSpace(got.stdout), "\n")
	require.Len(t, lines, 3, "two rules and the line of the default")
	for _, rule := range lines[1:] {
		require.Regexp(t, "^ALLOW if argument 1 .*: kill$", rule)
	}
	got = call(t, "", "decompile", "--arch", "amd64", raw)
	require.Zero(t, got.status, got.stderr)
	found := write(t, "found.json", got.stdout)
	require.Equal(t, result{}, call(t, "", "prove", "--profile", found, "--arch", "amd64", "--enosys", "off", "--filter", raw))
}

// parity is of all bits of an argument's lower half: no rules of reasonable number say
// that.
func parity(t *testing.T, dir string) {
	p := assembled(t, dir, "parity.asm")[0]
	raw := write(t, "parity.bpf", string(p.AppendBinary(nil, binary.LittleEndian)))
	got := call(t, "", "decompile", "--arch", "amd64", raw)
	require.Equal(t, 2, got.status)
	require.Contains(t, got.stderr, "x86_64 read (0): undecided: no rules were found for all arguments")
}
