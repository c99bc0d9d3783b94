// SPDX-License-Identifier: Apache-2.0

// Reach writes a program that uses every public name of the packages that it is
// given, so that deadcode counts what an importer can reach as reached.
//
// Functions are called with zero values. Types are converted to an interface:
// deadcode takes their exported methods to be reachable by reflection from then on.
// The program is read by deadcode and never run.
package main

import (
	"fmt"
	"go/types"
	"log"
	"os"
	"strings"

	"golang.org/x/tools/go/packages"
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("reach: ")
	loaded, err := packages.Load(&packages.Config{Mode: packages.NeedName | packages.NeedTypes | packages.NeedImports | packages.NeedDeps}, os.Args[1:]...)
	if err != nil {
		log.Fatal(err)
	}
	if packages.PrintErrors(loaded) > 0 {
		os.Exit(1)
	}

	p := program{imports: map[string]string{}}
	for _, pkg := range loaded {
		if pkg.Name != "main" && !strings.Contains(pkg.PkgPath+"/", "/internal/") {
			p.uses(pkg.Types)
		}
	}
	fmt.Print("package main\n\n")
	for path, name := range p.imports {
		fmt.Printf("import %s %q\n", name, path)
	}
	fmt.Printf("\nfunc use(any) {}\n\nfunc main() {\n%s}\n", p.body.String())
}

// A program is the text of the main function and the packages that it imports:
// their names by their paths.
type program struct {
	imports map[string]string
	body    strings.Builder
}

// uses adds a use of each exported name of a package.
func (p *program) uses(pkg *types.Package) {
	scope := pkg.Scope()
	for _, name := range scope.Names() {
		object := scope.Lookup(name)
		if !object.Exported() {
			continue
		}
		switch object := object.(type) {
		case *types.Func:
			p.call(object)
		case *types.TypeName:
			if named, ok := object.Type().(*types.Named); ok && named.TypeParams().Len() == 0 && !types.IsInterface(named) {
				fmt.Fprintf(&p.body, "\tuse(new(%s))\n", types.TypeString(named, p.qualify))
			}
		}
	}
}

// call adds a call of a function. The arguments that a variadic function takes
// are left out.
func (p *program) call(f *types.Func) {
	signature, choice := f.Signature(), ""
	if signature.TypeParams().Len() > 0 {
		signature, choice = p.instance(f)
	}
	var arguments []string
	for i := range signature.Params().Len() {
		if signature.Variadic() && i == signature.Params().Len()-1 {
			break
		}
		arguments = append(arguments, fmt.Sprintf("*new(%s)", types.TypeString(signature.Params().At(i).Type(), p.qualify)))
	}
	fmt.Fprintf(&p.body, "\t%s.%s%s(%s)\n", p.qualify(f.Pkg()), f.Name(), choice, strings.Join(arguments, ", "))
}

// instance is a generic function with, for each parameter, the first type that its
// constraint lists.
func (p *program) instance(f *types.Func) (signature *types.Signature, list string) {
	var chosen []types.Type
	var names []string
	for param := range f.Signature().TypeParams().TypeParams() {
		first := firstOf(param.Constraint())
		if first == nil {
			log.Fatalf("%s: the constraint %v lists no types: say here with what it is to be called", f.FullName(), param.Constraint())
		}
		chosen, names = append(chosen, first), append(names, types.TypeString(first, p.qualify))
	}
	made, err := types.Instantiate(nil, f.Signature(), chosen, true)
	if err != nil {
		log.Fatalf("%s: %v", f.FullName(), err)
	}
	return made.(*types.Signature), "[" + strings.Join(names, ", ") + "]"
}

// firstOf is the first type of a constraint's union, or nil.
func firstOf(constraint types.Type) types.Type {
	for t := range constraint.Underlying().(*types.Interface).EmbeddedTypes() {
		if union, ok := t.(*types.Union); ok {
			return union.Term(0).Type()
		}
	}
	return nil
}

// qualify returns the name under which the program imports a package.
func (p *program) qualify(pkg *types.Package) string {
	name, ok := p.imports[pkg.Path()]
	if !ok {
		name = fmt.Sprintf("p%d", len(p.imports))
		p.imports[pkg.Path()] = name
	}
	return name
}
