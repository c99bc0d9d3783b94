// SPDX-License-Identifier: Apache-2.0

package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestAutoRun is TestAuto for the commands that start another one. It is not there, so that
// nothing is asked of the machine but to read the document before.
func TestAutoRun(t *testing.T) {
	for name, f := range foundDocuments() {
		file := filepath.Join(t.TempDir(), f.file)
		require.NoError(t, os.WriteFile(file, []byte(f.doc), 0o666))
		for _, args := range [][]string{{"run", "--profile", "@", "--", "/no/such/command"}, {"record", "--base", "@", "-o", "-", "--", "/no/such/command"}} {
			for _, named := range []string{file, "-"} {
				args := append([]string{}, args...)
				args[2] = named
				got := call(t, f.doc, args...)
				assert.NotZero(t, got.status, "%s: %v", name, args)
				assert.Empty(t, got.stdout)
				assert.NotContains(t, got.stderr, "known dialect", "%s: %v", name, args)
				assert.Equal(t, f.dialect != "docker", strings.Contains(got.stderr, "sieve: "+shown(named)+": read as "+f.dialect+"\n"), "%s: %v: %s", name, args, got.stderr)
				assert.LessOrEqual(t, strings.Count(got.stderr, ": read as "), 1)
			}
		}
	}
}
