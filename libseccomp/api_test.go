// SPDX-License-Identifier: Apache-2.0

package seccomp

import (
	"fmt"
	"go/ast"
	"go/build"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/internal/test/shared"
)

// upstream is the folder of libseccomp-golang, of the version that the benchmarks use.
func upstream(t *testing.T) string {
	return shared.Module(t, "../bench", "github.com/seccomp/libseccomp-golang")
}

// TestAPI holds what this package exports to what libseccomp-golang exports: names, types,
// the values of constants, fields with their tags, and methods.
func TestAPI(t *testing.T) {
	want, got := exports(t, upstream(t)), exports(t, ".")
	require.Greater(t, len(want), 120)
	require.Equal(t, want, got)
}

// TestOnePath: go mod tidy of an importer loads the tests of this package too, by the path of
// libseccomp-golang. One that is of another package, and so imports this one by its own path,
// has the go command refuse the module.
func TestOnePath(t *testing.T) {
	names, err := filepath.Glob("*.go")
	require.NoError(t, err)
	for _, name := range names {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ImportsOnly)
		require.NoError(t, err)
		require.Equal(t, "seccomp", file.Name.Name, name)
	}
}

// exports lists what the package in a folder exports, on Linux and with cgo.
func exports(t *testing.T, dir string) (list []string) {
	files := token.NewFileSet()
	names, err := filepath.Glob(filepath.Join(dir, "*.go"))
	require.NoError(t, err)
	context := build.Default
	context.GOOS, context.GOARCH, context.CgoEnabled = "linux", "amd64", true
	var parsed []*ast.File
	for _, name := range names {
		match, err := context.MatchFile(dir, filepath.Base(name))
		require.NoError(t, err)
		if !match || strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(files, name, nil, parser.SkipObjectResolution)
		require.NoError(t, err)
		parsed = append(parsed, file)
	}
	config := types.Config{
		FakeImportC: true,
		Importer:    importer.ForCompiler(files, "source", nil),
		Error:       func(error) {}, // of what C would say, and of what is not in the standard library
	}
	p, _ := config.Check("seccomp", files, parsed, nil)
	for _, name := range p.Scope().Names() {
		if object := p.Scope().Lookup(name); object.Exported() {
			list = append(list, describe(object)...)
		}
	}
	slices.Sort(list)
	return list
}

// describe is an object in a line, and what belongs to it in others.
func describe(object types.Object) (lines []string) {
	switch o := object.(type) {
	case *types.Const:
		return []string{fmt.Sprintf("const %s %s = %s", o.Name(), written(o.Type()), o.Val())}
	case *types.TypeName:
		lines = append(lines, "type "+o.Name())
		structure, ok := o.Type().Underlying().(*types.Struct)
		if !ok {
			lines[0] += " " + written(o.Type().Underlying())
		}
		for i := range fieldsOf(structure) {
			if f := structure.Field(i); f.Exported() {
				lines = append(lines, fmt.Sprintf("field %s.%s %s %s", o.Name(), f.Name(), written(f.Type()), structure.Tag(i)))
			}
		}
		values, all := types.NewMethodSet(o.Type()), types.NewMethodSet(types.NewPointer(o.Type()))
		for m := range all.Methods() {
			if !m.Obj().Exported() {
				continue
			}
			receiver := "*"
			if values.Lookup(m.Obj().Pkg(), m.Obj().Name()) != nil {
				receiver = ""
			}
			lines = append(lines, fmt.Sprintf("method %s%s.%s%s", receiver, o.Name(), m.Obj().Name(), written(m.Type())))
		}
		return lines
	default:
		return []string{fmt.Sprintf("%T %s %s", o, o.Name(), written(o.Type()))}
	}
}

func fieldsOf(s *types.Struct) int {
	if s == nil {
		return 0
	}
	return s.NumFields()
}

// written is a type without the names of parameters and of its own package.
func written(t types.Type) string {
	if s, ok := t.(*types.Signature); ok {
		t = types.NewSignatureType(nil, nil, nil, unnamed(s.Params()), unnamed(s.Results()), s.Variadic())
	}
	return types.TypeString(t, func(p *types.Package) string {
		if p.Name() == "seccomp" {
			return ""
		}
		return p.Name()
	})
}

func unnamed(list *types.Tuple) *types.Tuple {
	var vars []*types.Var
	for v := range list.Variables() {
		vars = append(vars, types.NewParam(token.NoPos, nil, "", v.Type()))
	}
	return types.NewTuple(vars...)
}
