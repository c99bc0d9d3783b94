// SPDX-License-Identifier: Apache-2.0

package house

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/build"
	"go/doc"
	"go/parser"
	"go/printer"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestAPI holds what the public packages export, on Linux, to api/*.txt: one
// declaration a line, without comments. A change of the public surface is a change of
// these files, which a reviewer sees.
func TestAPI(t *testing.T) {
	var want []string
	for _, folder := range publicPackages {
		name := filepath.Join("../../api", strings.ReplaceAll(folder, "/", "-")+".txt")
		want = append(want, name)
		text := strings.Join(api(t, folder), "\n") + "\n"
		if *update {
			require.NoError(t, os.WriteFile(name, []byte(text), 0o666))
		}
		got, err := os.ReadFile(name)
		require.NoError(t, err, "run: go test ./internal/house -update")
		require.Equal(t, string(got), text, "run: go test ./internal/house -update")
	}
	found, err := filepath.Glob("../../api/*.txt")
	require.NoError(t, err)
	slices.Sort(want)
	require.Equal(t, want, found, "api has files of packages that are not public")
}

// api lists what a package exports, in the order of the alphabet.
func api(t *testing.T, folder string) (lines []string) {
	context := build.Default
	context.GOOS, context.GOARCH, context.CgoEnabled = "linux", "amd64", false
	p, err := context.ImportDir("../../"+folder, 0)
	require.NoError(t, err)
	files := token.NewFileSet()
	var parsed []*ast.File
	for _, name := range p.GoFiles {
		file, err := parser.ParseFile(files, filepath.Join(p.Dir, name), nil, parser.ParseComments)
		require.NoError(t, err)
		parsed = append(parsed, file)
	}
	d, err := doc.NewFromFiles(files, parsed, module+folder)
	require.NoError(t, err)
	values := func(list []*doc.Value) {
		for _, v := range list {
			for _, spec := range v.Decl.Specs {
				for _, name := range spec.(*ast.ValueSpec).Names {
					if name.IsExported() {
						lines = append(lines, fmt.Sprintf("%v %s", v.Decl.Tok, name))
					}
				}
			}
		}
	}
	funcs := func(list []*doc.Func) {
		for _, f := range list {
			lines = append(lines, printed(t, files, &ast.FuncDecl{Recv: f.Decl.Recv, Name: f.Decl.Name, Type: f.Decl.Type}))
		}
	}
	values(d.Consts)
	values(d.Vars)
	funcs(d.Funcs)
	for _, typ := range d.Types {
		lines = append(lines, declared(t, files, typ)...)
		values(typ.Consts)
		values(typ.Vars)
		funcs(typ.Funcs)
		funcs(typ.Methods)
	}
	slices.Sort(lines)
	return lines
}

// declared is a type in one line, and its exported fields a line each.
func declared(t *testing.T, files *token.FileSet, typ *doc.Type) (lines []string) {
	for _, spec := range typ.Decl.Specs {
		s := spec.(*ast.TypeSpec)
		structure, ok := s.Type.(*ast.StructType)
		if !ok {
			lines = append(lines, "type "+printed(t, files, s))
			continue
		}
		lines = append(lines, "type "+s.Name.Name+" struct")
		for _, field := range structure.Fields.List {
			if len(field.Names) == 0 {
				lines = append(lines, "field "+s.Name.Name+" embeds "+printed(t, files, field.Type))
			}
			for _, name := range field.Names {
				lines = append(lines, "field "+s.Name.Name+"."+name.Name+" "+printed(t, files, field.Type))
			}
		}
	}
	return lines
}

// printed is a piece of Go in one line, without its comments.
func printed(t *testing.T, files *token.FileSet, node any) string {
	var b bytes.Buffer
	require.NoError(t, printer.Fprint(&b, files, node))
	return strings.Join(strings.Fields(b.String()), " ")
}
