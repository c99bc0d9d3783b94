// SPDX-License-Identifier: Apache-2.0

package load

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/build"
	"go/parser"
	"go/token"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// Config says which program is loaded, and for which machine.
type Config struct {
	Dir    string   // where the pattern is looked up; empty is the working directory
	GOARCH string   // a GOARCH that Go builds Linux programs for
	Tags   []string // build tags
}

// listed is what the go command says of a package ("go help list").
type listed struct {
	Dir, ImportPath, Name string
	Standard, DepOnly     bool
	GoFiles, SFiles       []string
	HFiles                []string
	SysoFiles             []string
	IgnoredGoFiles        []string
	Imports               []string
	ImportMap             map[string]string
	Module                *Module
	Error                 *listError
	DepsErrors            []*listError
}

type listError struct {
	ImportStack []string
	Pos, Err    string
}

// Error puts the place first.
func (e *listError) Error() string {
	if e.Pos == "" {
		return e.Err
	}
	return e.Pos + ": " + e.Err
}

// env is the environment of the go command: the target, no C, no network, and no other
// release of Go than the one that is there.
func (c *Config) env() []string {
	return append(os.Environ(), "GOOS=linux", "GOARCH="+c.GOARCH, "CGO_ENABLED=0", "GOPROXY=off", "GOTOOLCHAIN=local", "GOFLAGS="+goflags(os.Getenv("GOFLAGS")))
}

// goflags are the user's, without what would let the go command write go.mod.
func goflags(flags string) string {
	list := strings.Fields(flags)
	return strings.Join(slices.DeleteFunc(list, func(f string) bool { return f == "-mod=mod" || f == "--mod=mod" }), " ")
}

// command runs the go command and returns what it wrote.
func (c *Config) command(ctx context.Context, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir, cmd.Env = c.Dir, c.env()
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	switch {
	case errors.Is(err, exec.ErrNotFound):
		return nil, errors.New("the go command is not in PATH: it lists the packages of a program")
	case err != nil && stderr.Len() > 0:
		return nil, errors.New(strings.TrimSpace(stderr.String()))
	}
	return out, err
}

// fields are those of listed.
const fields = "-json=Dir,ImportPath,Name,Standard,DepOnly,GoFiles,SFiles,HFiles,SysoFiles,IgnoredGoFiles,Imports,ImportMap,Module,Error,DepsErrors"

// list lists the packages of a program, each after those that it imports. The linker adds
// runtime to every program, and math on machines that may lack floating point.
func (c *Config) list(ctx context.Context, pattern string) ([]byte, error) {
	args := []string{"list", "-e", "-deps", fields}
	if len(c.Tags) > 0 { // without, those of GOFLAGS count
		args = append(args, "-tags="+strings.Join(c.Tags, ","))
	}
	args = append(args, "--", pattern, "runtime")
	if c.GOARCH == "arm" {
		args = append(args, "math")
	}
	return c.command(ctx, args...)
}

// decode reads what the go command has written.
func decode(text []byte) (all []*listed, err error) {
	for d := json.NewDecoder(bytes.NewReader(text)); ; {
		p := new(listed)
		switch err := d.Decode(p); {
		case errors.Is(err, io.EOF):
			return all, nil
		case err != nil:
			return nil, fmt.Errorf("go list: %w", err)
		}
		all = append(all, p)
	}
}

// check returns the one main package of a list, or says why it cannot be built.
func check(all []*listed, pattern, goarch string) (*listed, error) {
	var named []*listed
	for _, p := range all {
		if err := p.broken(all, goarch); err != nil {
			return nil, err
		}
		if !p.DepOnly && !(p.Standard && (p.ImportPath == "runtime" || p.ImportPath == "math")) {
			named = append(named, p)
		}
	}
	switch {
	case len(named) == 0:
		return nil, fmt.Errorf("%s: no package: want the pattern of one main package", pattern)
	case len(named) > 1:
		return nil, fmt.Errorf("%s: %d packages (%s, %s ...): want one main package", pattern, len(named), named[0].ImportPath, named[1].ImportPath)
	case named[0].Name != "main":
		return nil, fmt.Errorf("%s: package %s is not a program: want a main package", pattern, named[0].Name)
	}
	return named[0], nil
}

// broken is what the go command finds wrong with a package. A package whose files all
// need C is named with the path of imports that leads there.
func (p *listed) broken(all []*listed, goarch string) error {
	if p.Error == nil {
		return nil
	}
	if len(p.GoFiles) == 0 && usesC(p, goarch) {
		path := p.Error.ImportStack
		if len(path) == 0 {
			path = importPath(all, p.ImportPath)
		}
		return needsC(p.ImportPath, path)
	}
	return p.Error
}

// missingC names the packages that are short of files which need C, where a package that is itself one
// of them or imports one does not build: the compiler's error is about what it misses.
func missingC(all []*listed, failed map[string]bool, goarch string) (problems []error) {
	short := map[string]bool{}
	for _, p := range all {
		if !p.Standard && usesC(p, goarch) {
			short[p.ImportPath] = true
		}
	}
	named := map[string]bool{}
	for _, p := range all {
		if !failed[p.ImportPath] {
			continue
		}
		for _, need := range append([]string{p.ImportPath}, p.Imports...) {
			if short[need] && !named[need] {
				named[need] = true
				problems = append(problems, needsC(need, importPath(all, need)))
			}
		}
	}
	return problems
}

// needsC is the error of a package that needs C, with a path of imports that leads there.
func needsC(name string, path []string) error {
	return fmt.Errorf("%s needs cgo, and only programs without it can be looked through: %s", name, strings.Join(path, " -> "))
}

// importPath is a path of imports from a named package to one that it needs.
func importPath(all []*listed, to string) []string {
	parent := map[string]string{}
	for _, p := range slices.Backward(all) { // importers before what they import
		for _, i := range p.Imports {
			if _, known := parent[i]; !known {
				parent[i] = p.ImportPath
			}
		}
	}
	path := []string{to}
	for at, ok := parent[to]; ok && !slices.Contains(path, at); at, ok = parent[at] {
		path = append(path, at)
	}
	slices.Reverse(path)
	return path
}

// usesC says whether a file imports "C" that is left out, and that a build with cgo would have.
func usesC(p *listed, goarch string) bool {
	with := build.Default
	with.GOOS, with.GOARCH, with.CgoEnabled = "linux", goarch, true
	return slices.ContainsFunc(p.IgnoredGoFiles, func(name string) bool {
		file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(p.Dir, name), nil, parser.ImportsOnly)
		if err != nil || !slices.ContainsFunc(file.Imports, func(i *ast.ImportSpec) bool { return i.Path.Value == `"C"` }) {
			return false
		}
		match, err := with.MatchFile(p.Dir, name)
		return err == nil && match
	})
}
