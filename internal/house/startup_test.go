// SPDX-License-Identifier: Apache-2.0

package house

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gosieve/sieve/internal/test/shared"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestStartup: importing a package costs no time. No regular expression is compiled, no map
// built and no text split when a program starts: such values are made by sync.OnceValue when
// they are first asked for, or are a switch. Rigs, generators and the programs that a reader
// copies may do as they like.
func TestStartup(t *testing.T) {
	root := "../.."
	files := 0
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		switch name = filepath.ToSlash(name); {
		case d.IsDir() && (name == "bench" || name == "examples" || name == "internal/generate" || name == "internal/test" ||
			name != "." && strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata"):
			return fs.SkipDir
		case d.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go"):
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		files++
		for _, work := range startupWork(t, name, string(text)) {
			t.Errorf("%s when the program starts: make it in sync.OnceValue, or write a switch", work)
		}
		return nil
	})
	require.NoError(t, err)
	require.Greater(t, files, 100, "the walk has missed the house")
}

// startupWork is what the variables of a file cost at the start, by place.
func startupWork(t *testing.T, name, text string) []string {
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, name, text, parser.SkipObjectResolution)
	require.NoError(t, err)
	var list []string
	for _, decl := range file.Decls {
		variables, ok := decl.(*ast.GenDecl)
		if !ok || variables.Tok != token.VAR {
			continue
		}
		ast.Inspect(variables, func(n ast.Node) bool {
			if _, later := n.(*ast.FuncLit); later {
				return false
			}
			if what := work(n); what != "" {
				list = append(list, set.Position(n.Pos()).String()+": "+what)
			}
			return true
		})
	}
	return list
}

// work is what an expression costs; empty if that is nothing to speak of.
func work(n ast.Node) string {
	switch n := n.(type) {
	case *ast.CompositeLit:
		if _, ok := n.Type.(*ast.MapType); ok {
			return "a map is built"
		}
	case *ast.CallExpr:
		switch f := n.Fun.(type) {
		case *ast.FuncLit:
			return "a function is called"
		case *ast.Ident:
			if f.Name == "make" {
				return "memory is made"
			}
		case *ast.SelectorExpr:
			switch of, _ := f.X.(*ast.Ident); {
			case of == nil:
			case of.Name == "regexp":
				return "a regular expression is compiled"
			case of.Name == "strings" || of.Name == "bytes" || of.Name == "slices" || of.Name == "maps":
				return of.Name + "." + f.Sel.Name + " is called"
			}
		}
	}
	return ""
}

// TestStartupWork: the scan sees what it is for.
func TestStartupWork(t *testing.T) {
	text := `package p
var a = regexp.MustCompile("x")
var (
	b = map[string]int{"x": 1}
	c = []map[string]int{{}, map[string]int{}}
	d = make([]int, 3)
	e = strings.Fields("x y")
	f = sync.OnceValue(func() map[string]int { return map[string]int{"x": 1} })
	g = [2]int{1, 2}
	h = errors.New("h")
	j = func() []int { return append([]int{}, 1) }()
)
func i() map[string]int { return map[string]int{} }
`
	assert.Equal(t, []string{
		"p.go:2:9: a regular expression is compiled", "p.go:4:6: a map is built", "p.go:5:27: a map is built",
		"p.go:6:6: memory is made", "p.go:7:6: strings.Fields is called",
		"p.go:11:6: a function is called",
	}, startupWork(t, "p.go", text))
}

// TestLinked: a launcher that parses, resolves, compiles and installs does not link what it
// does not use, and the command nothing that reads the formats of other systems.
func TestLinked(t *testing.T) {
	for _, row := range []struct{ packages, without []string }{
		{[]string{"./profile", "./seccomp"}, []string{"regexp", "net", "text/template", "debug/elf", "go.yaml.in/yaml/v3", "crypto/sha256"}},
		{[]string{"./cmd/sieve"}, []string{"text/template", "debug/elf", "debug/dwarf", "debug/buildinfo", "compress/flate", "testing", "net/http"}},
	} {
		out := shared.Go(t, "../..", []string{"GOOS=linux", "CGO_ENABLED=0"}, append([]string{"list", "-deps"}, row.packages...)...)
		linked := strings.Fields(string(out))
		require.Contains(t, linked, "fmt")
		for _, pkg := range row.without {
			assert.NotContains(t, linked, pkg, "of %v", row.packages)
		}
	}
}

// TestSize: the command, stripped, stays below 12 MiB, of which golang.org/x/tools, which derive
// reads Go with, is the largest part. What breaks this is rarely our own
// code: a package that calls methods by name (reflect.Value.MethodByName with a name that
// is not constant, as text/template does) makes the linker keep all exported methods,
// which is 1.3 MB here. The build takes what is in the cache, so paths are not trimmed.
func TestSize(t *testing.T) {
	const most = 12 << 20
	name := filepath.Join(t.TempDir(), "sieve")
	shared.Go(t, "../..", []string{"GOOS=linux", "GOARCH=amd64"}, "build", "-ldflags", "-s -w", "-o", name, "./cmd/sieve")
	info, err := os.Stat(name)
	require.NoError(t, err)
	assert.Less(t, info.Size(), int64(most))
}
