// SPDX-License-Identifier: Apache-2.0

package house

import (
	"go/doc/comment"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const dropIn = "../../docs/libseccomp.md"

// TestDropIn holds docs/libseccomp.md to the package comment of libseccomp, where
// the differences stand: the page has a copy of them, and the same replace lines.
func TestDropIn(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "../../libseccomp/doc.go", nil, parser.ParseComments|parser.PackageClauseOnly)
	require.NoError(t, err)
	lines, differences := dropInComment(file.Doc.Text())
	require.Len(t, lines, 3, "replace lines: for a version, and two for a folder")

	page, err := os.ReadFile(dropIn)
	require.NoError(t, err)
	for _, line := range lines {
		assert.Contains(t, string(page), "\n"+line+"\n")
	}
	const begin, end = "<!-- the differences of libseccomp/doc.go -->\n", "<!-- end -->"
	before, rest, ok := strings.Cut(string(page), begin)
	require.True(t, ok)
	list, after, ok := strings.Cut(rest, end)
	require.True(t, ok)
	if *update {
		require.NoError(t, os.WriteFile(dropIn, []byte(before+begin+differences+end+after), 0o666))
		return
	}
	require.Equal(t, differences, list, "run: go test ./internal/house -run TestDropIn -update")
}

// dropInComment is what the comment says of go.mod, line by line, and its sections, which
// say what rules mean and where that differs, as Markdown.
func dropInComment(text string) (replace []string, differences string) {
	var parser comment.Parser
	var section comment.Doc
	inside := false
	for _, block := range parser.Parse(text).Content {
		switch b := block.(type) {
		case *comment.Code:
			for line := range strings.Lines(b.Text) {
				if strings.HasPrefix(line, "replace ") {
					replace = append(replace, strings.TrimSpace(line))
				}
			}
		case *comment.Heading:
			inside = true // from the first on: what rules mean, and the differences
		}
		if inside {
			section.Content = append(section.Content, block)
		}
	}
	printer := comment.Printer{HeadingLevel: 4, HeadingID: func(*comment.Heading) string { return "" }}
	return replace, string(printer.Markdown(&section))
}

// ours is a name of a public package in code: a package, an exported name, and a name
// within that.
var ours = regexp.MustCompile("`(\\w+)\\.([A-Z]\\w*)(?:\\.(\\w+))?")

// TestMigration finds every name of Sieve that the page's tables have: tables of other
// packages' calls would rot in silence.
func TestMigration(t *testing.T) {
	names := map[string]bool{}
	for _, folder := range publicPackages {
		for _, line := range api(t, folder) {
			names[filepath.Base(folder)+"."+nameIn(line)] = true
		}
	}
	page, err := os.ReadFile(dropIn)
	require.NoError(t, err)
	found := 0
	for line := range strings.Lines(string(page)) {
		cells := strings.Split(line, "|")
		if len(cells) != 4 {
			continue
		}
		for _, m := range ours.FindAllStringSubmatch(cells[2], -1) {
			name := strings.Trim(m[1]+"."+m[2]+"."+m[3], ".")
			assert.True(t, names[name], "%s: %s is no name of Sieve", strings.TrimSpace(cells[1]), name)
			found++
		}
	}
	require.Greater(t, found, 50)
}

var declaration = regexp.MustCompile(`^(?:func \(\w+ \*?(\w+)(?:\[\w+\])?\) (\w+)|(?:const|field|func|type|var) ([\w.]+))`)

// nameIn is the name in a line of api/*.txt: Name, or Type.Name.
func nameIn(line string) string {
	m := declaration.FindStringSubmatch(line)
	if m == nil {
		return ""
	}
	if m[1] != "" {
		return m[1] + "." + m[2]
	}
	return m[3]
}
