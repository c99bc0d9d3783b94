// SPDX-License-Identifier: Apache-2.0

package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// migrations are the packages that a table of docs/libseccomp.md leads away from, by the
// table's heading, with the types whose methods the table has.
var migrations = map[string]struct {
	pkg     string
	methods []string
}{
	"libseccomp-golang": {"github.com/seccomp/libseccomp-golang",
		[]string{"ScmpFilter", "ScmpSyscall", "ScmpAction"}},
	"elastic/go-seccomp-bpf": {"github.com/elastic/go-seccomp-bpf",
		[]string{"ArgumentConditions", "Policy", "Program", "SyscallGroup", "SyscallWithConditions"}},
	"gVisor's pkg/seccomp": {"gvisor.dev/gvisor/pkg/seccomp", []string{"Action", "Program", "SyscallRules"}},
}

// TestMigration compares the first column of each table with what the package exports:
// no call may be missing, and none be made up. Constants stand for their type.
func TestMigration(t *testing.T) {
	page, err := os.ReadFile("../docs/libseccomp.md")
	require.NoError(t, err)
	for heading, m := range migrations {
		t.Run(heading, func(t *testing.T) {
			_, section, ok := strings.Cut(string(page), "\n### "+heading+"\n")
			require.True(t, ok)
			section, _, _ = strings.Cut(section, "\n### ")
			want := offered(t, m.pkg, m.methods)
			require.Greater(t, len(want), 20)
			assert.Equal(t, want, named(section))
		})
	}
}

var code = regexp.MustCompile("`([A-Z][\\w.]*)`")

// named are the names in the first column of a table.
func named(section string) (names []string) {
	for line := range strings.Lines(section) {
		if cells := strings.Split(line, "|"); len(cells) == 4 {
			for _, m := range code.FindAllStringSubmatch(cells[1], -1) {
				names = append(names, m[1])
			}
		}
	}
	slices.Sort(names)
	return names
}

// offered are the functions, types and variables of a package, and the methods of some
// types, but for those that only format a value.
func offered(t *testing.T, pkg string, methods []string) (names []string) {
	dir, err := exec.Command("go", "list", "-f", "{{.Dir}}", pkg).Output()
	require.NoError(t, err)
	files, err := filepath.Glob(filepath.Join(strings.TrimSpace(string(dir)), "*.go"))
	require.NoError(t, err)
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") || strings.HasSuffix(name, "_autogen.go") {
			continue // gVisor generates what saves and restores its objects
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		require.NoError(t, err)
		for _, d := range file.Decls {
			names = append(names, offeredBy(d, methods)...)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func offeredBy(d ast.Decl, methods []string) (names []string) {
	add := func(id *ast.Ident, prefix string) {
		if id.IsExported() {
			names = append(names, prefix+id.Name)
		}
	}
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Recv == nil {
			add(d.Name, "")
		} else if of := receiver(d); slices.Contains(methods, of) && d.Name.Name != "String" {
			add(d.Name, of+".")
		}
	case *ast.GenDecl:
		for _, s := range d.Specs {
			switch s := s.(type) {
			case *ast.TypeSpec:
				add(s.Name, "")
			case *ast.ValueSpec:
				if d.Tok == token.VAR {
					for _, id := range s.Names {
						add(id, "")
					}
				}
			}
		}
	}
	return names
}

func receiver(d *ast.FuncDecl) string {
	of := d.Recv.List[0].Type
	if star, ok := of.(*ast.StarExpr); ok {
		of = star.X
	}
	return of.(*ast.Ident).Name
}
