// SPDX-License-Identifier: Apache-2.0

package argument

import (
	"strings"
	"testing"

	"github.com/gosieve/sieve/arch"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestParse(t *testing.T) {
	tests := map[string]struct {
		abi  arch.Arch
		text string
		want uint64
	}{
		"a number":           {arch.X86_64, "17", 17},
		"hexadecimal":        {arch.X86_64, "0xffffffffffffffff", 1<<64 - 1},
		"octal":              {arch.X86_64, "0644", 0o644},
		"negative":           {arch.X86_64, "-1", 1<<64 - 1},
		"a name":             {arch.X86_64, "AF_VSOCK", 40},
		"flags and a number": {arch.X86_64, "O_RDWR|O_CREAT|0x1", 0o103},
		"flags of MIPS":      {arch.MIPS, "O_RDWR|O_CREAT", 0x102},
		"a signal":           {arch.X86_64, "CLONE_NEWUSER|SIGCHLD", 0x10000011},
		"the same on MIPS":   {arch.MIPS, "CLONE_NEWUSER|SIGCHLD", 0x10000012},
		"the current folder": {arch.X86_64, "AT_FDCWD", 0xffffffffffffff9c},
		"a null pointer":     {arch.X86_64, "NULL", 0},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			v, err := Parse(tt.abi, tt.text)
			require.NoError(t, err)
			assert.Equal(t, tt.want, v)
		})
	}
	for _, bad := range []string{"", "AF_", "AF_-", "|", "AF_INET|", `"/etc/passwd"`, "MAP_32BIT" + strings.Repeat("x", 500), "1x"} {
		_, err := Parse(arch.X86_64, bad)
		assert.ErrorIs(t, err, ErrValue, bad)
	}
	_, err := Parse(arch.AArch64, "MAP_32BIT")
	assert.EqualError(t, err, `invalid argument: "MAP_32BIT" is neither a number nor a constant on aarch64`)
}

// TestOneValue: a name that is in two tables has the same value in both, so that
// Parse need not know which argument it is for.
func TestOneValue(t *testing.T) {
	for _, a := range arch.All() {
		p := printer{abi: a}
		seen := map[string]uint64{}
		for _, line := range lines(tables) {
			kind, _, _ := strings.Cut(line, " ")
			kind, _, _ = strings.Cut(kind, "/")
			table, _ := p.table(kind)
			table.each(func(name string, v uint64) bool {
				if is, ok := seen[name]; ok {
					assert.Equal(t, is, v, "%s of %s on %v", name, kind, a)
				}
				seen[name] = v
				return true
			})
		}
	}
}

// TestRoundTrip: what Text writes of an argument that is no pointer Parse takes back,
// for every kind of argument: each value that has a name, and some that have none.
func TestRoundTrip(t *testing.T) {
	// One ABI of each family of constants, and one with multiplexers.
	for _, a := range []arch.Arch{arch.X86_64, arch.X86, arch.AArch64, arch.MIPS, arch.PARISC, arch.PPC64, arch.S390X, arch.RISCV64} {
		p := printer{abi: a}
		values := map[string][]uint64{}
		for _, line := range lines(tables) {
			kind, _, _ := strings.Cut(line, " ")
			kind, _, _ = strings.Cut(kind, "/")
			table, _ := p.table(kind)
			table.each(func(name string, v uint64) bool {
				values[kind] = append(values[kind], v)
				return true
			})
		}
		edges := []uint64{0, 1, 2, 19, 0x80, 0xffff, 1 << 20, 0x12345678, 1<<31 - 1, 1 << 31, 1<<32 - 1, 1 << 32, 1<<63 + 5, 1<<64 - 1}
		written, seen := 0, map[string]bool{}
		for _, line := range lines(signatures) {
			name, rest, _ := strings.Cut(line, " ")
			for i, kind := range strings.Fields(rest) {
				if seen[kind] && kind != "protocol" && kind != "cmode" { // what others do not depend on is seen once
					continue
				}
				seen[kind] = true
				for _, v := range append(values[kind], edges...) {
					args := [6]uint64{}
					args[i] = v
					text := Text(a, name, args, nil)
					if i >= len(text) {
						continue
					}
					back, err := Parse(a, text[i])
					require.NoError(t, err, "%v %s argument %d: %#x is %s", a, name, i, v, text[i])
					args[i] = back
					require.Equal(t, text, Text(a, name, args, nil), "%v %s argument %d: %#x", a, name, i, v)
					written++
				}
			}
		}
		assert.Greater(t, written, 1500)
	}
}
