// SPDX-License-Identifier: Apache-2.0

package derive

import (
	"go/token"
	"path"
	"path/filepath"
	"strings"

	"github.com/gosieve/sieve/derive/internal/load"
	"github.com/gosieve/sieve/derive/internal/reach"
)

// place is a node with a position in it, and the path there.
func (d *derivation) place(n *reach.Node, at token.Position) Place {
	if n == nil {
		return Place{Position: d.position(at)}
	}
	p := Place{Function: n.Name, Package: importPath(n.Pkg), Module: module(n.Pkg), Position: d.position(at)}
	for _, s := range d.paths.To(n) {
		p.Path = append(p.Path, Step{Function: s.Node.Name, Package: importPath(s.Node.Pkg), Module: module(s.Node.Pkg), Position: d.position(s.Pos), Guess: s.Guess})
	}
	return p
}

func importPath(pkg *load.Package) string {
	if pkg == nil {
		return ""
	}
	return pkg.Import
}

// module is the path of a package's module.
func module(pkg *load.Package) string {
	switch {
	case pkg == nil:
		return ""
	case pkg.Standard:
		return "std"
	case pkg.Module == nil:
		return "command-line-arguments"
	}
	return pkg.Module.Path
}

// position names a file as it is called on any machine.
func (d *derivation) position(at token.Position) Position {
	p := Position{File: at.Filename, Line: at.Line, Column: at.Column}
	if at.Filename == "" {
		return Position{}
	}
	program := d.graph.Program
	if rel, ok := below(filepath.Join(program.GOROOT, "src"), at.Filename); ok {
		p.File = rel
		return p
	}
	for _, pkg := range program.Packages {
		m := pkg.Module
		if m == nil || m.Dir == "" {
			continue
		}
		rel, ok := below(m.Dir, at.Filename)
		if !ok {
			continue
		}
		switch {
		case m.Main:
			p.File = rel
		case m.Version != "":
			p.File = path.Join(m.Path+"@"+m.Version, rel)
		default:
			p.File = path.Join(m.Path, rel)
		}
		return p
	}
	return p
}

// below is a file's name relative to a folder that it is in.
func below(folder, name string) (string, bool) {
	rel, ok := strings.CutPrefix(name, folder+string(filepath.Separator))
	return filepath.ToSlash(rel), ok
}

// needed are the modules whose functions come to a node through the standard library
// alone, without guesses. If there are none it is the last module on the shortest path.
func (d *derivation) needed(n *reach.Node) []string {
	if m := module(n.Pkg); m != "std" && m != "" {
		return []string{m}
	}
	var list []string
	seen := map[*reach.Node]bool{n: true}
	for work := []*reach.Node{n}; len(work) > 0; {
		at := work[len(work)-1]
		work = work[:len(work)-1]
		for _, e := range at.In {
			if e.From == nil || e.Kind.Guess() || seen[e.From] {
				continue
			}
			seen[e.From] = true
			if m := module(e.From.Pkg); m != "std" && m != "" {
				if !initializer(e.From) {
					list = append(list, m)
				}
				continue
			}
			work = append(work, e.From)
		}
	}
	if len(list) > 0 {
		return list
	}
	steps := d.paths.To(n)
	for i := len(steps) - 1; i >= 0; i-- {
		if m := module(steps[i].Node.Pkg); m != "std" && m != "" && !initializer(steps[i].Node) {
			return []string{m}
		}
	}
	return []string{"std"}
}

// initializer says whether a node is a package's own init, which calls those of all that
// it imports.
func initializer(n *reach.Node) bool {
	return n.Fn != nil && n.Fn.Synthetic == "package initializer"
}
