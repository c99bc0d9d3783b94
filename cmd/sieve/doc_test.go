// SPDX-License-Identifier: Apache-2.0

package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestHead: the package's head names every file, and none that is not there. A file for other
// systems goes with the one for Linux.
func TestHead(t *testing.T) {
	head, err := os.ReadFile("doc.go")
	require.NoError(t, err)
	named := map[string]bool{"doc.go": true}
	for _, name := range regexp.MustCompile(`\w+\.go\b`).FindAllString(string(head), -1) {
		named[name] = true
		assert.FileExists(t, name)
	}
	files, err := filepath.Glob("*.go")
	require.NoError(t, err)
	for _, name := range files {
		if !strings.HasSuffix(name, "_test.go") && !strings.HasSuffix(name, "_other.go") {
			assert.True(t, named[name], "the head does not say what %s is for", name)
		}
	}
}
