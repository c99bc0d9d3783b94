// SPDX-License-Identifier: Apache-2.0

package house

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// uses are what the library is designed for. Each is a program in examples, and the
// functions named are what a reader copies: all that the use needs but for imports and
// main.
var uses = map[string]struct {
	file      string
	functions []string
}{
	"any file in any dialect to a running child":     {"launch/main.go", []string{"run"}},
	"confine this process by a policy written in Go": {"confine/main.go", []string{"confine"}},
	"a supervisor that answers one call":             {"answer/main.go", []string{"answer"}},
	"a CI gate on the difference of two profiles":    {"gate/main.go", []string{"gate"}},
	"edit a profile and give it on as an OCI object": {"edit/main.go", []string{"without"}},
	"an ahead-of-time filter embedded in a binary":   {"precompiled/main.go", []string{"run", "embedded"}},
}

// mostLines is how many lines of code a use may take, with its errors handled. A use that
// needs more shows what the public packages lack. Lines with closing brackets alone are
// not counted.
const mostLines = 15

func TestUses(t *testing.T) {
	require.Len(t, uses, 6)
	for use, at := range uses {
		file := "../../examples/" + at.file
		lines := 0
		for _, name := range at.functions {
			n := codeLines(t, file, name)
			require.NotZero(t, n, "%s: no function %s", file, name)
			lines += n
		}
		assert.LessOrEqual(t, lines, mostLines, "%s: %s", use, file)
		t.Logf("%2d lines: %s", lines, use)
	}
}

// codeLines is how many lines of code a function's body has: lines that are neither empty,
// nor comments, nor closing brackets alone.
func codeLines(t *testing.T, name, function string) int {
	text, err := os.ReadFile(name)
	require.NoError(t, err)
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, name, text, parser.SkipObjectResolution)
	require.NoError(t, err)
	count := 0
	for _, d := range file.Decls {
		f, ok := d.(*ast.FuncDecl)
		if !ok || f.Name.Name != function || f.Recv != nil {
			continue
		}
		body := text[files.Position(f.Body.Lbrace).Offset+1 : files.Position(f.Body.Rbrace).Offset]
		for line := range bytes.Lines(body) {
			if s := strings.Trim(string(line), " \t\n"); strings.Trim(s, "})") != "" && !strings.HasPrefix(s, "//") {
				count++
			}
		}
	}
	return count
}

// TestCodeLines counts in this file.
func TestCodeLines(t *testing.T) {
	assert.Equal(t, 15, codeLines(t, "uses_test.go", "codeLines"))
	assert.Zero(t, codeLines(t, "uses_test.go", "none"))
}
