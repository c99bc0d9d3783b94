// SPDX-License-Identifier: Apache-2.0

package reach

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"path/filepath"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/gosieve/sieve/derive/internal/assembly"
	"github.com/gosieve/sieve/derive/internal/load"
)

// symbols are the names that the linker joins the program by.
type symbols struct {
	functions map[string]*ssa.Function // with bodies
	assembly  map[string]asmFunction
	pulled    map[*ssa.Function]string // functions without bodies that are another symbol
	globals   map[string]*ssa.Global
	aliases   map[*ssa.Global]string
	shared    map[*ssa.Global]bool // variables with two names, or that assembly names
	named     map[*ssa.Global]bool // variables that assembly names
	roots     []assembly.Reference
}

type asmFunction struct {
	function *assembly.Function
	pkg      *load.Package
}

func (g *Graph) newSymbols() *symbols {
	s := &symbols{functions: map[string]*ssa.Function{}, assembly: map[string]asmFunction{}, pulled: map[*ssa.Function]string{}, globals: map[string]*ssa.Global{}, aliases: map[*ssa.Global]string{}, shared: map[*ssa.Global]bool{}, named: map[*ssa.Global]bool{}}
	for _, pkg := range g.Program.Packages {
		for _, m := range pkg.SSA.Members {
			switch m := m.(type) {
			case *ssa.Function:
				if m.Blocks != nil {
					s.functions[pkg.Path+"."+m.Name()] = m
				}
			case *ssa.Global:
				s.globals[pkg.Path+"."+m.Name()] = m
			case *ssa.Type:
				g.methods(s, pkg, m)
			}
		}
	}
	// Names that are given away come second: they win.
	for _, pkg := range g.Program.Packages {
		for _, l := range pkg.Linknames {
			g.linkname(s, pkg, l)
		}
	}
	for _, pkg := range g.Program.Packages {
		g.readAssembly(s, pkg)
	}
	return s
}

// methods notes the methods of a named type, by the symbols that the linker has for them.
func (g *Graph) methods(s *symbols, pkg *load.Package, t *ssa.Type) {
	named, ok := t.Type().(*types.Named)
	if !ok || named.TypeParams().Len() > 0 {
		return
	}
	for m := range named.Methods() {
		fn := g.Program.SSA.FuncValue(m)
		if fn != nil && fn.Blocks != nil {
			s.functions[methodSymbol(pkg.Path, named, m)] = fn
		}
	}
}

func methodSymbol(path string, named *types.Named, m *types.Func) string {
	if _, pointer := types.Unalias(m.Signature().Recv().Type()).(*types.Pointer); pointer {
		return path + ".(*" + named.Obj().Name() + ")." + m.Name()
	}
	return path + "." + named.Obj().Name() + "." + m.Name()
}

// linkname carries out a directive, in either direction.
func (g *Graph) linkname(s *symbols, pkg *load.Package, l load.Linkname) {
	if l.Remote == "" {
		return
	}
	if v := pkg.SSA.Var(l.Local); v != nil {
		s.aliases[v], s.shared[v] = l.Remote, true
		if other := s.globals[l.Remote]; other != nil {
			s.shared[other] = true
		}
		return
	}
	fn := pkg.SSA.Func(l.Local)
	if fn == nil {
		fn = s.functions[pkg.Path+"."+l.Local] // a method
	}
	switch {
	case fn == nil:
	case fn.Blocks == nil:
		s.pulled[fn] = l.Remote
	default:
		s.functions[l.Remote] = fn
	}
}

// of is the symbol of a function without a body.
func (s *symbols) of(fn *ssa.Function) string {
	if to, ok := s.pulled[fn]; ok {
		return to
	}
	if fn.Pkg == nil {
		return ""
	}
	path := fn.Pkg.Pkg.Path()
	if recv := fn.Signature.Recv(); recv != nil {
		if m, ok := fn.Object().(*types.Func); ok {
			t := recv.Type()
			if p, ok := t.(*types.Pointer); ok {
				t = p.Elem()
			}
			if named, ok := t.(*types.Named); ok {
				return methodSymbol(path, named, m)
			}
		}
	}
	if fn.Pkg.Pkg.Name() == "main" {
		path = "main"
	}
	return path + "." + fn.Name()
}

// variable is the one variable that a name stands for, nil if nothing of Go defines it.
func (s *symbols) variable(v *ssa.Global) *ssa.Global {
	if to, ok := s.aliases[v]; ok {
		if g := s.globals[to]; g != nil {
			return g
		}
		for _, other := range []string{to} {
			for alias, name := range s.aliases {
				if name == other && alias != v {
					return nil // two names of a variable that is not Go's
				}
			}
		}
	}
	return v
}

// readAssembly reads the assembler files of a package.
func (g *Graph) readAssembly(s *symbols, pkg *load.Package) {
	if len(pkg.Assembly) == 0 {
		return
	}
	var files []string
	for _, name := range pkg.Assembly {
		files = append(files, filepath.Join(pkg.Dir, name))
	}
	goroot := g.Program.GOROOT
	file, err := assembly.Read(assembly.Config{GOARCH: g.Program.GOARCH, Package: pkg.Path, Includes: []string{filepath.Join(goroot, "pkg", "include"), filepath.Join(goroot, "src", "runtime")}}, files)
	if err != nil {
		g.Unknowns = append(g.Unknowns, Unknown{"assembly", err.Error(), g.initOf(pkg), token.Position{Filename: files[0]}})
		return
	}
	for _, f := range file.Functions {
		for _, ref := range f.Refs {
			if v := s.globals[ref.Symbol]; v != nil {
				s.shared[v], s.named[v] = true, true // assembly may call what it holds, or write it
			}
		}
		s.assembly[f.Symbol] = asmFunction{f, pkg}
		if pkg.Path == "runtime" {
			s.roots = append(s.roots, goNames(s, f)...)
		}
	}
	s.roots = append(s.roots, file.Named...)
}

// goNames are the functions of Go that a function of assembly names.
func goNames(s *symbols, f *assembly.Function) (list []assembly.Reference) {
	for _, ref := range f.Refs {
		if s.functions[ref.Symbol] != nil {
			list = append(list, ref)
		}
	}
	return list
}

// builtins are the functions of the runtime that the compiler calls. Its own list of them
// stands in its source; without that, all functions of the runtime are taken.
func (g *Graph) builtins() (names []string) {
	name := filepath.Join(g.Program.GOROOT, "src", "cmd", "compile", "internal", "typecheck", "_builtin", "runtime.go")
	file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
	if err == nil {
		for _, d := range file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok {
				names = append(names, f.Name.Name)
			}
		}
	}
	if len(names) < 50 {
		for symbol := range g.symbols.functions {
			if fn, ok := strings.CutPrefix(symbol, "runtime."); ok && !strings.Contains(fn, ".") {
				names = append(names, fn)
			}
		}
	}
	return append(names, "sigpanic", "unreachableMethod")
}
