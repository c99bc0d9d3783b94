// SPDX-License-Identifier: Apache-2.0

package house

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestArchitecture holds ARCHITECTURE.md to the tree: each package has one line in its
// list, and every file and folder that it names is there.
func TestArchitecture(t *testing.T) {
	text, err := os.ReadFile("../../ARCHITECTURE.md")
	require.NoError(t, err)
	_, rest, found := strings.Cut(string(text), "<!-- packages -->")
	require.True(t, found)
	table, _, found := strings.Cut(rest, "<!-- end -->")
	require.True(t, found)
	var listed []string
	for _, row := range regexp.MustCompile("(?m)^\\| `([^`]+)` \\| .+ \\|$").FindAllStringSubmatch(table, -1) {
		listed = append(listed, row[1])
	}
	var packages []string
	for _, p := range list(t, "linux") {
		packages = append(packages, strings.TrimPrefix(p.ImportPath, module))
	}
	assert.ElementsMatch(t, packages, listed, "ARCHITECTURE.md lists the packages")
	for _, name := range regexp.MustCompile("`([\\w*]+(/[\\w*.]+)+)`").FindAllStringSubmatch(string(text), -1) {
		if strings.ContainsAny(name[1], "*X") || name[1] == "os/exec" {
			continue
		}
		_, err := os.Stat("../../" + name[1])
		assert.NoError(t, err, "ARCHITECTURE.md names %s", name[1])
	}
}
