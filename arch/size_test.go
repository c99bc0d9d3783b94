// SPDX-License-Identifier: Apache-2.0

package arch_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/internal/test/shared"
)

const (
	plainProgram = `package main

func main() { println("hello") }
`
	archProgram = `package main

import "github.com/gosieve/sieve/arch"

func main() {
	a, err := arch.Parse("amd64")
	k, _ := arch.ParseKernel("6.18")
	nr, _ := a.Number("read")
	name, _ := a.Name(nr)
	mux, n, _ := a.Multiplexer("socket")
	bits, _ := arch.Width(name, 0)
	b, _ := arch.Of(a.Audit(), nr)
	for range b.Calls() {
		n++
	}
	println("hello", err, k.String(), mux, n, bits, a.Since(nr), arch.Native().String())
}
`
)

// TestSize holds what a program grows by when it begins to use all of this
// package. The program beside it is the smallest there is, without fmt, so that
// what this package imports counts too.
func TestSize(t *testing.T) {
	const most = 200 << 10 // bytes
	growth := size(t, archProgram) - size(t, plainProgram)
	t.Logf("a program grows by %d bytes", growth)
	assert.Less(t, growth, int64(most))
	assert.Greater(t, growth, int64(50<<10), "the tables alone are larger")
}

// size is that of a program built in this module, in bytes.
func size(t *testing.T, program string) int64 {
	t.Helper()
	dir := t.TempDir()
	source, binary := filepath.Join(dir, "main.go"), filepath.Join(dir, "main")
	require.NoError(t, os.WriteFile(source, []byte(program), 0o600))
	shared.Go(t, "", nil, "build", "-trimpath", "-o", binary, source)
	info, err := os.Stat(binary)
	require.NoError(t, err)
	return info.Size()
}
