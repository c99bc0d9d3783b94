// SPDX-License-Identifier: Apache-2.0

package house

import (
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/internal/test/shared"
)

// goBlock is a fenced block of Go in a document.
var goBlock = regexp.MustCompile("(?ms)^```go\n(.*?)^```$")

// TestSnippets compiles the Go of all documents. A block is a file, or declarations,
// or statements of a function that returns an error.
func TestSnippets(t *testing.T) {
	exports, imports := exported(t)
	blocks := 0
	for _, pattern := range []string{"*.md", "docs/*.md", "examples/*/*.md"} {
		files, err := filepath.Glob(filepath.Join("../..", pattern))
		require.NoError(t, err)
		for _, file := range files {
			text, err := os.ReadFile(file)
			require.NoError(t, err)
			for _, at := range goBlock.FindAllSubmatchIndex(text, -1) {
				blocks++
				line := strings.Count(string(text[:at[2]]), "\n") + 1
				compile(t, fmt.Sprintf("%s:%d", file, line), snippet(string(text[at[2]:at[3]]), imports), exports)
			}
		}
	}
	require.NotZero(t, blocks, "no document has Go")
}

// exported finds the export data of all packages, and the imports that snippets get:
// the public packages, and what of the standard library they are used with. libseccomp
// has the name of another and is imported by no name of ours.
func exported(t *testing.T) (data map[string]string, imports string) {
	out := shared.Go(t, "../..", nil, "list", "-export", "-deps", "-f", "{{.ImportPath}}={{.Export}}", "work")
	data = map[string]string{}
	for _, line := range strings.Fields(string(out)) {
		name, file, _ := strings.Cut(line, "=")
		data[name] = file
		room, ours := strings.CutPrefix(name, module)
		if ours && room != "libseccomp" && !strings.HasPrefix(room, "internal/") && !strings.HasPrefix(room, "cmd/") && !strings.HasPrefix(room, "examples/") {
			imports += fmt.Sprintf("import %q\n", name)
		}
	}
	for _, name := range []string{"context", "errors", "fmt", "io", "log", "os", "os/exec", "time"} {
		imports += fmt.Sprintf("import %q\n", name)
	}
	return data, imports
}

// snippet is the block as a file.
func snippet(block, imports string) string {
	switch {
	case strings.HasPrefix(block, "package "):
		return block
	case strings.HasPrefix(block, "func "), strings.HasPrefix(block, "type "):
		return "package snippet\n" + imports + block
	}
	return "package snippet\n" + imports + "func _() error {\n" + block + "\nreturn nil\n}\n"
}

// compile reports what is wrong with a file. Names that a snippet does not use are
// as good as used.
func compile(t *testing.T, place, text string, exports map[string]string) {
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, path.Base(place), text, parser.SkipObjectResolution)
	if err != nil {
		t.Errorf("%s: %v", place, err)
		return
	}
	config := types.Config{
		Importer: importer.ForCompiler(files, "gc", func(name string) (io.ReadCloser, error) {
			if exports[name] == "" {
				return nil, fmt.Errorf("no package %q", name)
			}
			return os.Open(exports[name])
		}),
		Error: func(err error) {
			if problem, ok := err.(types.Error); !ok || !problem.Soft {
				t.Errorf("%s: %v", place, err)
			}
		},
	}
	config.Check("snippet", files, []*ast.File{file}, nil) // Error has said what is wrong
}
