// SPDX-License-Identifier: Apache-2.0

// Package load reads the source of a Go program with all that it imports, checks its types
// and builds its SSA form. It needs the go command and the module cache, and no network.
package load

import (
	"context"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"

	"golang.org/x/tools/go/ssa"
)

// Module is the module that a package comes from.
type Module struct {
	Path, Version, GoVersion, Dir string
	Main                          bool
}

// Program is a program in SSA form, with what else its build takes.
type Program struct {
	GOROOT, GoVersion string
	GOARCH            string
	Fset              *token.FileSet
	SSA               *ssa.Program
	Sizes             types.Sizes
	Main              *Package
	Packages          []*Package // in the order in which they are built
}

// Package is one of a program's packages.
type Package struct {
	Path      string // as the linker spells it: "main" for the program's own
	Import    string // as it is imported
	Dir       string
	Standard  bool
	Module    *Module
	SSA       *ssa.Package
	Assembly  []string // files, without their folder
	Objects   []string // .syso files, which the linker takes as they are
	Linknames []Linkname
	Foreign   []Directive // cgo_import_dynamic: symbols of C libraries
}

// Linkname is a go:linkname directive: a name of the package is another symbol's.
type Linkname struct {
	Local, Remote string // Remote is empty for a directive of one name
	Pos           token.Pos
}

// Directive is a directive by its text.
type Directive struct {
	Text string
	Pos  token.Pos
}

// Listing is what the go command says of a program: which packages it has, and which files
// those.
type Listing struct {
	config            Config
	goroot, goversion string
	all               []*listed
	named             *listed
	text              []byte
}

// List lists the packages of the program that a pattern names.
func List(ctx context.Context, c Config, pattern string) (*Listing, error) {
	version, err := c.command(ctx, "env", "GOROOT", "GOVERSION")
	if err != nil {
		return nil, err
	}
	l := &Listing{config: c}
	l.goroot, l.goversion, _ = strings.Cut(strings.TrimSpace(string(version)), "\n")
	if l.text, err = c.list(ctx, pattern); err != nil {
		return nil, err
	}
	if l.all, err = decode(l.text); err != nil {
		return nil, err
	}
	l.named, err = check(l.all, pattern, c.GOARCH)
	return l, err
}

// Sum writes all that the program's SSA form depends on.
func (l *Listing) Sum(w io.Writer) error {
	fmt.Fprintln(w, l.goroot, l.goversion, l.config.GOARCH, l.config.Tags)
	w.Write(l.text)
	for _, p := range l.all {
		for _, name := range slices.Concat(p.GoFiles, p.SFiles, p.HFiles) {
			text, err := os.ReadFile(filepath.Join(p.Dir, name))
			if err != nil {
				return err
			}
			fmt.Fprintln(w, name, len(text))
			w.Write(text)
		}
	}
	return nil
}

// Load reads the program.
func (l *Listing) Load(ctx context.Context) (*Program, error) {
	c := l.config
	p := &Program{GOROOT: l.goroot, GoVersion: l.goversion, GOARCH: c.GOARCH, Fset: token.NewFileSet(), Sizes: types.SizesFor("gc", c.GOARCH)}
	if p.Sizes == nil {
		return nil, fmt.Errorf("go/types knows no machine %q", c.GOARCH)
	}
	p.SSA = ssa.NewProgram(p.Fset, ssa.InstantiateGenerics)
	if err := p.build(ctx, l.all, l.named); err != nil {
		return nil, err
	}
	return p, nil
}

// build checks and builds all packages, each when those that it imports are checked.
func (p *Program) build(ctx context.Context, all []*listed, named *listed) error {
	checked := map[string]*checking{}
	for _, l := range all {
		checked[l.ImportPath] = &checking{listed: l, done: make(chan struct{})}
	}
	slots := make(chan struct{}, runtime.GOMAXPROCS(0))
	for _, l := range all {
		c := checked[l.ImportPath]
		go func() {
			defer close(c.done)
			for _, i := range l.Imports {
				if d := checked[i]; d != nil {
					<-d.done
				}
			}
			slots <- struct{}{}
			defer func() { <-slots }()
			if c.err = ctx.Err(); c.err == nil {
				c.check(p, checked)
			}
		}()
	}
	var problems []error
	failed := map[string]bool{}
	for _, l := range all {
		c := checked[l.ImportPath]
		<-c.done
		if c.err != nil {
			failed[l.ImportPath] = true
			problems = append(problems, c.err)
		}
	}
	if len(problems) > 0 {
		problems = append(missingC(all, failed, p.GOARCH), problems...)
		return errors.Join(problems[:min(len(problems), 5)]...)
	}
	for _, l := range all {
		p.Packages = append(p.Packages, checked[l.ImportPath].create(p))
		if l == named {
			p.Main = p.Packages[len(p.Packages)-1]
		}
	}
	p.buildFunctions()
	return nil
}

// buildFunctions builds the bodies of all packages.
func (p *Program) buildFunctions() {
	var wait sync.WaitGroup
	slots := make(chan struct{}, runtime.GOMAXPROCS(0))
	for _, pkg := range p.Packages {
		wait.Add(1)
		slots <- struct{}{}
		go func() {
			defer wait.Done()
			pkg.SSA.Build()
			<-slots
		}()
	}
	wait.Wait()
}

// checking is a package while its types are checked.
type checking struct {
	listed    *listed
	files     []*ast.File
	pkg       *types.Package
	info      *types.Info
	linknames []Linkname
	foreign   []Directive
	done      chan struct{}
	err       error
}

// check parses the package and checks its types. All errors of the package are one error,
// each with its place.
func (c *checking) check(p *Program, all map[string]*checking) {
	if c.listed.ImportPath == "unsafe" {
		c.pkg, c.info = types.Unsafe, &types.Info{}
		return
	}
	var problems []error
	for _, name := range c.listed.GoFiles {
		file, err := parser.ParseFile(p.Fset, filepath.Join(c.listed.Dir, name), nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			problems = append(problems, err)
			continue
		}
		c.directives(file)
		file.Comments = nil
		c.files = append(c.files, file)
	}
	if len(problems) == 0 {
		problems = c.types(p, all)
	}
	if len(problems) > 10 {
		problems = append(problems[:10], errors.New("too many errors"))
	}
	c.err = errors.Join(problems...)
}

// types checks the types of the package's files.
func (c *checking) types(p *Program, all map[string]*checking) (problems []error) {
	c.info = &types.Info{
		Types: map[ast.Expr]types.TypeAndValue{}, Instances: map[*ast.Ident]types.Instance{}, Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{},
		Implicits: map[ast.Node]types.Object{}, Selections: map[*ast.SelectorExpr]*types.Selection{}, Scopes: map[ast.Node]*types.Scope{}, FileVersions: map[*ast.File]string{},
	}
	config := types.Config{
		Importer: importer(func(path string) (*types.Package, error) {
			if to, ok := c.listed.ImportMap[path]; ok {
				path = to
			}
			d := all[path]
			if d == nil || d.pkg == nil {
				return nil, fmt.Errorf("could not import %s", path)
			}
			return d.pkg, nil
		}),
		Sizes: p.Sizes,
		Error: func(err error) { problems = append(problems, err) },
	}
	if m := c.listed.Module; m != nil && m.GoVersion != "" {
		config.GoVersion = "go" + m.GoVersion
	}
	path := c.listed.ImportPath
	c.pkg, _ = config.Check(path, p.Fset, c.files, c.info)
	// A package that imports a broken one repeats its errors in its own way.
	for _, i := range c.listed.Imports {
		if d := all[i]; d != nil && d.err != nil {
			return nil
		}
	}
	return problems
}

type importer func(path string) (*types.Package, error)

func (i importer) Import(path string) (*types.Package, error) { return i(path) }

// directives collects what the compiler is told in comments.
func (c *checking) directives(file *ast.File) {
	for _, group := range file.Comments {
		for _, comment := range group.List {
			words := strings.Fields(comment.Text)
			switch {
			case words[0] == "//go:linkname" && len(words) >= 2:
				l := Linkname{Local: words[1], Pos: comment.Pos()}
				if len(words) > 2 {
					l.Remote = strings.ReplaceAll(words[2], "%2e", ".")
				}
				c.linknames = append(c.linknames, l)
			case words[0] == "//go:cgo_import_dynamic":
				c.foreign = append(c.foreign, Directive{comment.Text, comment.Pos()})
			}
		}
	}
}

// create makes the package's SSA form, without bodies.
func (c *checking) create(p *Program) *Package {
	l := c.listed
	pkg := &Package{Path: l.ImportPath, Import: l.ImportPath, Dir: l.Dir, Standard: l.Standard, Module: l.Module, Assembly: l.SFiles, Objects: l.SysoFiles,
		Linknames: c.linknames, Foreign: c.foreign}
	if l.Name == "main" {
		pkg.Path = "main"
	}
	pkg.SSA = p.SSA.CreatePackage(c.pkg, c.files, c.info, true)
	c.files, c.info = nil, nil
	return pkg
}

// Place is where something stands.
func (p *Program) Place(pos token.Pos) token.Position { return p.Fset.Position(pos) }
