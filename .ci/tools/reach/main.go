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
// are left out, and a generic function is an error: nothing here chooses its types.
func (p *program) call(f *types.Func) {
	signature := f.Signature()
	if signature.TypeParams().Len() > 0 {
		log.Fatalf("%s is generic: say here with what types it is to be called", f.FullName())
	}
	var arguments []string
	for i := range signature.Params().Len() {
		if signature.Variadic() && i == signature.Params().Len()-1 {
			break
		}
		arguments = append(arguments, fmt.Sprintf("*new(%s)", types.TypeString(signature.Params().At(i).Type(), p.qualify)))
	}
	fmt.Fprintf(&p.body, "\t%s.%s(%s)\n", p.qualify(f.Pkg()), f.Name(), strings.Join(arguments, ", "))
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
