// SPDX-License-Identifier: Apache-2.0

package house

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestGoVersion: the README names the Go release that go.work wants.
func TestGoVersion(t *testing.T) {
	work, err := os.ReadFile("../../go.work")
	require.NoError(t, err)
	readme, err := os.ReadFile("../../README.md")
	require.NoError(t, err)
	version := regexp.MustCompile(`(?m)^go (\S+)$`).FindSubmatch(work)
	require.NotNil(t, version)
	require.True(t, strings.Contains(string(readme), "Go ("+string(version[1])+" or newer)"), "README.md: want Go %s", version[1])
}
