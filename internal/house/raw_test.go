// SPDX-License-Identifier: Apache-2.0

package house

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// raw lists the uses of unsafe and of raw system calls in a file.
func raw(t *testing.T, name string) []string {
	file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
	require.NoError(t, err)
	var found []string
	for _, i := range file.Imports {
		if i.Path.Value == `"unsafe"` {
			found = append(found, "unsafe")
		}
	}
	ast.Inspect(file, func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectorExpr); ok {
			if pkg, ok := s.X.(*ast.Ident); ok && (pkg.Name == "syscall" || pkg.Name == "unix") && isRaw(s.Sel.Name) {
				found = append(found, pkg.Name+"."+s.Sel.Name)
			}
		}
		return true
	})
	return found
}

func isRaw(name string) bool {
	return strings.HasPrefix(name, "Syscall") || strings.HasPrefix(name, "RawSyscall")
}
