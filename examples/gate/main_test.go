// SPDX-License-Identifier: Apache-2.0

package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestGate(t *testing.T) {
	const docker = "../../internal/docker/data/docker-default.json"
	assert.NoError(t, gate(docker, docker))
	assert.ErrorContains(t, gate(docker, "../profiles/no-clock.json"), "no-clock.json differ: x86_64 ")
	assert.ErrorIs(t, gate(docker, "no such file"), fs.ErrNotExist)

	dir := t.TempDir()
	write := func(name, text string) string {
		file := filepath.Join(dir, name)
		require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
		return file
	}
	minijail := write("a.policy", "read: 1\nexit: arg0 == 0\n")
	same := write("b.policy", "exit: arg0 == 0x0\nread: allow\n")
	other := write("c.policy", "read: 1\nexit: arg0 == 1\n")
	assert.NoError(t, gate(minijail, same))
	assert.ErrorContains(t, gate(minijail, other), "c.policy differ: x86_64 exit (60), argument 0 = ")
}
