// SPDX-License-Identifier: Apache-2.0

package arch_test

import (
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/test/shared"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAll(t *testing.T) {
	all := arch.All()
	require.Len(t, all, 24)
	assert.Equal(t, arch.X86_64, all[0])
	assert.Equal(t, arch.RISCV32, all[23])
	assert.True(t, slices.IsSorted(all))
	for _, a := range all {
		assert.True(t, a.Valid(), "%v", a)
	}
}

// TestInvalid holds every method to a plain answer for what is no ABI.
func TestInvalid(t *testing.T) {
	for _, a := range []arch.Arch{0, arch.RISCV32 + 1, 77, 255} {
		assert.False(t, a.Valid())
		assert.Equal(t, "Arch("+strconv.Itoa(int(a))+")", a.String())
		assert.Empty(t, a.Token()+a.GOARCH(), "%v", a)
		assert.Zero(t, a.Audit(), "%v", a)
		assert.Zero(t, a.Bits(), "%v", a)
		assert.Zero(t, a.Base(), "%v", a)
		assert.False(t, a.BigEndian(), "%v", a)
		assert.Zero(t, a.Since(0), "%v", a)
		_, named := a.Name(0)
		_, numbered := a.Number("read")
		_, _, reached := a.Multiplexer("socket")
		assert.False(t, named || numbered || reached, "%v", a)
		for nr, name := range a.Calls() {
			t.Errorf("%v has %s = %d", a, name, nr)
		}
	}
}

// TestFacts holds what the code says of each ABI to data/arches.tsv.
func TestFacts(t *testing.T) {
	seen := map[arch.Arch]bool{}
	for _, f := range rows(t, "data/arches.tsv") {
		require.Len(t, f, 10)
		a, err := arch.Parse(f[0])
		require.NoError(t, err)
		seen[a] = true
		assert.Equal(t, f[0], a.String())
		assert.Equal(t, dash(f[1]), a.Token(), f[0])
		assert.Equal(t, dash(f[2]), a.GOARCH(), f[0])
		assert.Equal(t, number(t, f[4]), a.Audit(), f[0])
		assert.Equal(t, f[5] == "big", a.BigEndian(), f[0])
		assert.Equal(t, f[6], strconv.Itoa(a.Bits()), f[0])
		assert.Equal(t, number(t, f[7]), a.Base(), f[0])
		for i, name := range []string{"socketcall", "ipc"} {
			nr, ok := a.Number(name)
			assert.Equal(t, f[8+i] != "-", ok, "%s %s", f[0], name)
			if ok {
				assert.Equal(t, number(t, f[8+i]), nr, "%s %s", f[0], name)
			}
		}
	}
	assert.Len(t, seen, len(arch.All()))
}

// TestFactsOfReference: every architecture with an OCI token is an ABI here.
func TestFactsOfReference(t *testing.T) {
	tokens := 0
	for _, f := range fields(t, "arches.tsv", string(shared.Read(t, "data/arches.tsv"))) {
		audit := number(t, f[7])
		if f[1] == "-" {
			continue
		}
		tokens++
		a, err := arch.Parse(f[1])
		require.NoError(t, err)
		assert.Equal(t, f[0], a.String())
		assert.Equal(t, audit, a.Audit(), f[0])
		assert.Equal(t, f[9], strconv.Itoa(a.Bits()), f[0])
		assert.Equal(t, number(t, f[11]), a.Base(), f[0])
	}
	assert.Equal(t, len(arch.All())-1, tokens, "all but riscv32 have one")
}

// TestNative holds Native to this build, whatever it is for.
func TestNative(t *testing.T) {
	a := arch.Native()
	if a == 0 {
		for _, other := range arch.All() {
			assert.NotEqual(t, runtime.GOARCH, other.GOARCH())
		}
		return
	}
	assert.Equal(t, runtime.GOARCH, a.GOARCH())
}

// rows reads a table of this package.
func rows(t testing.TB, file string) [][]string {
	t.Helper()
	return fields(t, file, readFile(t, file))
}

// fields are the columns of a table's rows. A table without rows is a failure.
func fields(t testing.TB, file, text string) [][]string {
	t.Helper()
	var all [][]string
	for line := range strings.Lines(text) {
		if !strings.HasPrefix(line, "#") {
			all = append(all, strings.Split(strings.TrimSuffix(line, "\n"), "\t"))
		}
	}
	require.NotEmpty(t, all, file)
	return all
}

func dash(s string) string {
	if s == "-" {
		return ""
	}
	return s
}

func number(t testing.TB, s string) uint32 {
	t.Helper()
	n, err := strconv.ParseUint(s, 0, 32)
	require.NoError(t, err)
	return uint32(n)
}
