// SPDX-License-Identifier: Apache-2.0

package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"

	"github.com/gosieve/sieve/arch"
)

// read adds the constants of a Go file to the values of an ABI. Only constants with a whole
// number as their value count, also one that is converted (syscall.Signal(0x1)).
func read(file string, a arch.Arch, values map[string]map[arch.Arch]uint64) error {
	f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	for _, d := range f.Decls {
		group, ok := d.(*ast.GenDecl)
		if !ok || group.Tok != token.CONST {
			continue
		}
		for _, s := range group.Specs {
			spec := s.(*ast.ValueSpec)
			if len(spec.Names) != 1 || len(spec.Values) != 1 {
				continue
			}
			if v, ok := whole(spec.Values[0]); ok {
				name := spec.Names[0].Name
				if values[name] == nil {
					values[name] = map[arch.Arch]uint64{}
				}
				values[name][a] = v
			}
		}
	}
	return nil
}

// whole is the value of a whole number. A negative one is extended to 64 bits.
func whole(e ast.Expr) (uint64, bool) {
	switch e := e.(type) {
	case *ast.CallExpr: // syscall.Signal(0x1)
		if len(e.Args) == 1 {
			return whole(e.Args[0])
		}
	case *ast.UnaryExpr:
		if v, ok := whole(e.X); ok && e.Op == token.SUB {
			return -v, true
		}
	case *ast.BasicLit:
		if v, err := strconv.ParseUint(e.Value, 0, 64); err == nil && e.Kind == token.INT {
			return v, true
		}
	}
	return 0, false
}
