// SPDX-License-Identifier: Apache-2.0

package derive_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/derive"
)

// TestCache: a result is kept until a source changes, and an entry that is not whole is
// not believed.
func TestCache(t *testing.T) {
	t.Parallel()
	dir := module(t, "ways/dep")
	main := filepath.Join(dir, "main.go")
	source := func(call string) {
		text := "package main\n\nimport \"syscall\"\n\nfunc main() { syscall.RawSyscall(syscall." + call + ", 0, 0, 0) }\n"
		require.NoError(t, os.WriteFile(main, []byte(text), 0o666))
	}
	require.NoError(t, os.Remove(filepath.Join(dir, "dep.go")))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "go.mod"), []byte("module example.com/cached\n\ngo 1.25\n"), 0o666))
	c := derive.Config{Dir: dir, Arch: arch.X86_64, Cache: filepath.Join(t.TempDir(), "a", "b")}
	run := func() *derive.Result {
		r, err := derive.Derive(context.Background(), c, ".")
		require.NoError(t, err)
		return r
	}
	entries := func() []string {
		list, err := filepath.Glob(filepath.Join(c.Cache, "*.json"))
		require.NoError(t, err)
		return list
	}
	source("SYS_PTRACE")
	first := run()
	require.True(t, first.Allows("ptrace"))
	require.Len(t, entries(), 1)
	assert.Equal(t, first, run())

	// The entry is what is read: one with another result shows.
	name := entries()[0]
	whole, err := os.ReadFile(name)
	require.NoError(t, err)
	for _, broken := range []string{"", "\n", string(whole[:len(whole)/2]), string(whole[:70]) + "{}" + string(whole[72:])} {
		require.NoError(t, os.WriteFile(name, []byte(broken), 0o666))
		if assert.Equal(t, first, run()); broken != "" && testing.Short() {
			break
		}
	}

	stranger := filepath.Join(c.Cache, "stranger")
	require.NoError(t, os.WriteFile(stranger, nil, 0o666))
	left := filepath.Join(c.Cache, "new-1234")
	require.NoError(t, os.WriteFile(left, nil, 0o666))
	past := time.Now().Add(-48 * time.Hour)
	require.NoError(t, os.Chtimes(stranger, past, past))
	require.NoError(t, os.Chtimes(left, past, past))
	source("SYS_SYNC")
	second := run()
	assert.True(t, second.Allows("sync"))
	assert.False(t, second.Allows("ptrace"))
	assert.Len(t, entries(), 2)
	assert.FileExists(t, stranger)
	assert.NoFileExists(t, left)
}

// TestCacheBounded: a cache does not grow without end.
func TestCacheBounded(t *testing.T) {
	t.Parallel()
	dir := module(t, "args")
	c := derive.Config{Dir: dir, Arch: arch.X86_64, Cache: t.TempDir()}
	past := time.Now().Add(-time.Hour)
	for i := range 80 {
		name := filepath.Join(c.Cache, string(rune('a'+i/26))+string(rune('a'+i%26))+"00000000000000000000000000000000000000000000000000000000000000.json")
		require.NoError(t, os.WriteFile(name, nil, 0o666))
		require.NoError(t, os.Chtimes(name, past, past))
	}
	_, err := derive.Derive(context.Background(), c, ".")
	require.NoError(t, err)
	list, err := os.ReadDir(c.Cache)
	require.NoError(t, err)
	assert.Len(t, list, 64)
}
