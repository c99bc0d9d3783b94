// SPDX-License-Identifier: Apache-2.0

// Package reach finds the functions that a program can come to. It errs on one side only:
// a function whose address is taken counts as called, and so does a method of a type that
// was made an interface value, where an interface that the type implements is called by
// that name.
package reach

import (
	"go/token"
	"go/types"
	"path/filepath"

	"golang.org/x/tools/go/ssa"
	"golang.org/x/tools/go/types/typeutil"

	"github.com/gosieve/sieve/derive/internal/assembly"
	"github.com/gosieve/sieve/derive/internal/load"
)

// Node is a function of Go or of assembly, or a method of an interface, which stands
// between those who call it and those who have it.
type Node struct {
	Fn   *ssa.Function
	Asm  *assembly.Function
	Pkg  *load.Package // nil for what no package has written: wrappers, methods of interfaces
	Name string
	In   []*Edge
	Out  []*Edge

	method *interfaceMethod
	// Reflected: reflection may call it with any arguments.
	Reflected bool
}

// Edge leads from a function to one that it may call.
type Edge struct {
	From, To *Node // From is nil for a root
	Pos      token.Position
	Site     ssa.CallInstruction // nil if the edge is not a call of Go
	Ref      *assembly.Reference // the call of assembly
	Kind     Kind
}

// Kind is the kind of an edge.
type Kind uint8

// The kinds.
const (
	Static    Kind = iota // a call of one function
	Invoke                // a call of an interface's method: from the caller to the method
	Implement             // from the method of an interface to that of a type
	Address               // the function's address is taken
	Variable              // from a call of a variable's function to one that is stored in it
	Reflect               // a method that reflection may call
	Root                  // what the linker, the compiler and the kernel call
)

// Guess says whether the edge need not be a call.
func (k Kind) Guess() bool { return k == Implement || k == Address || k == Variable || k == Reflect }

// cost is how long a path becomes by an edge. Paths by way of inits and taken addresses are short and
// say little.
func (e *Edge) cost() int {
	switch e.Kind {
	case Implement, Reflect:
		return 1 + GuessCost
	case Variable:
		return 2
	case Address:
		if e.To.Fn != nil && e.From.Fn != nil && e.To.Fn.Parent() == e.From.Fn {
			return 2 // a closure of the function
		}
		return 1 + 2*GuessCost
	}
	return 1
}

// Unknown is a place that cannot be looked into.
type Unknown struct {
	Kind    string
	Message string
	Node    *Node
	Pos     token.Position
}

// Graph is what a program can come to.
type Graph struct {
	Program  *load.Program
	Nodes    []*Node
	Unknowns []Unknown
	Entry    *Node // main.main

	byFn    map[*ssa.Function]*Node
	bySym   map[string]*Node
	known   map[edgeKey]bool
	queue   []*Node
	symbols *symbols
	owner   map[*types.Package]*load.Package

	types      typeutil.Map                  // types made interface values, to true
	interfaces typeutil.Map                  // to *iface
	concrete   map[string][]*method          // methods of types, by name
	called     map[string][]*interfaceMethod // methods of interfaces, by name
	exported   []*method
	reflectAll bool
	byName     map[string]bool // methods that reflection finds by constant names

	facts facts
	depth int // of Constants
}

type edgeKey struct {
	from, to *Node
	site     ssa.CallInstruction
	ref      *assembly.Reference
	kind     Kind
}

// Explore finds what a program can come to.
func Explore(p *load.Program) *Graph {
	g := &Graph{Program: p, byFn: map[*ssa.Function]*Node{}, bySym: map[string]*Node{}, known: map[edgeKey]bool{}, owner: map[*types.Package]*load.Package{},
		concrete: map[string][]*method{}, called: map[string][]*interfaceMethod{}, byName: map[string]bool{}}
	g.facts.init()
	for _, pkg := range p.Packages {
		g.owner[pkg.SSA.Pkg] = pkg
	}
	g.symbols = g.newSymbols()
	g.roots()
	for len(g.queue) > 0 {
		n := g.queue[0]
		g.queue = g.queue[1:]
		switch {
		case n.Asm != nil:
			g.scanAssembly(n)
		case n.Fn != nil:
			g.scan(n)
		}
	}
	g.variables()
	for _, n := range g.Nodes {
		if n.Name == "plugin.Open" {
			g.Unknowns = append(g.Unknowns, Unknown{"plugin", "a plugin is code that is not here", n, g.Program.Place(n.Fn.Pos())})
		}
	}
	return g
}

// variables links those who call what a variable holds to the functions that are stored
// in it. Those are known to be called already, as their addresses are taken; this is a
// better story than the place that takes them.
func (g *Graph) variables() {
	for _, t := range g.facts.through {
		for _, fn := range g.facts.held[t.variable] {
			g.link(Edge{From: g.node(t.site.Parent()), To: g.node(fn), Pos: g.Program.Place(position(t.site)), Kind: Variable})
		}
	}
}

// link adds an edge, and its end to what is to be scanned.
func (g *Graph) link(e Edge) {
	key := edgeKey{e.From, e.To, e.Site, e.Ref, e.Kind}
	if e.To == nil || g.known[key] {
		return
	}
	g.known[key] = true
	edge := &e
	if e.From != nil {
		e.From.Out = append(e.From.Out, edge)
	}
	first := len(e.To.In) == 0
	e.To.In = append(e.To.In, edge)
	if first {
		g.Nodes = append(g.Nodes, e.To)
		g.queue = append(g.queue, e.To)
	}
}

// node is the node of a function, or of what stands in for its body: assembly, or a
// function of another package under its name.
func (g *Graph) node(fn *ssa.Function) *Node {
	if n := g.byFn[fn]; n != nil {
		return n
	}
	var n *Node
	if fn.Blocks == nil {
		n = g.bodyless(fn)
	}
	if n == nil {
		n = &Node{Fn: fn, Pkg: g.packageOf(fn), Name: name(fn)}
	}
	g.byFn[fn] = n
	return n
}

// packageOf is the package that a function was written in.
func (g *Graph) packageOf(fn *ssa.Function) *load.Package {
	if fn.Pkg != nil {
		return g.owner[fn.Pkg.Pkg]
	}
	if o := fn.Origin(); o != nil && o.Pkg != nil {
		return g.owner[o.Pkg.Pkg]
	}
	if p := fn.Parent(); p != nil {
		return g.packageOf(p)
	}
	if o := fn.Object(); o != nil {
		return g.owner[o.Pkg()]
	}
	return nil
}

// name is a function's name in paths: net/http.(*Server).Serve.
func name(fn *ssa.Function) string {
	if fn.Pkg != nil && fn.Pkg.Pkg.Name() == "main" && fn.Parent() == nil && fn.Signature.Recv() == nil {
		return "main." + fn.Name()
	}
	return fn.RelString(nil)
}

// bodyless finds what stands in for a function without a body.
func (g *Graph) bodyless(fn *ssa.Function) *Node {
	symbol := g.symbols.of(fn)
	if to := g.symbols.functions[symbol]; to != nil && to != fn {
		return g.node(to)
	}
	return g.symbol(symbol)
}

// symbol is the node of a function by its symbol: of assembly, or of Go.
func (g *Graph) symbol(symbol string) *Node {
	if a, ok := g.symbols.assembly[symbol]; ok {
		n := g.bySym[symbol]
		if n == nil {
			n = &Node{Asm: a.function, Pkg: a.pkg, Name: symbol}
			g.bySym[symbol] = n
		}
		return n
	}
	if fn := g.symbols.functions[symbol]; fn != nil && fn.Blocks != nil {
		return g.node(fn)
	}
	return nil
}

// scanAssembly follows the names that a function of assembly has.
func (g *Graph) scanAssembly(n *Node) {
	for i := range n.Asm.Refs {
		ref := &n.Asm.Refs[i]
		to := g.symbol(ref.Symbol)
		if to == nil {
			continue
		}
		if ref.Inside && !n.Pkg.Standard { // the runtime names such places for its own unwinder
			g.Unknowns = append(g.Unknowns, Unknown{"assembly", "a place inside of " + ref.Symbol + ", which is not followed", n, place(ref.Place)})
		}
		if to == n {
			continue
		}
		g.link(Edge{From: n, To: to, Pos: place(ref.Place), Ref: ref})
	}
	for _, at := range n.Asm.Raw {
		g.Unknowns = append(g.Unknowns, Unknown{"assembly", "machine code that may be a system call", n, place(at)})
	}
}

func place(p assembly.Place) token.Position {
	return token.Position{Filename: p.File, Line: p.Line}
}

// roots are what the kernel, the linker, the compiler and the runtime's assembly call.
func (g *Graph) roots() {
	root := func(n *Node, pos token.Position) { g.link(Edge{To: n, Pos: pos, Kind: Root}) }
	for _, fn := range []string{"main", "init"} {
		if f := g.Program.Main.SSA.Func(fn); f != nil {
			n := g.node(f)
			if fn == "main" {
				g.Entry = n
			}
			root(n, g.Program.Place(f.Pos()))
		}
	}
	for _, pkg := range g.Program.Packages {
		if f := pkg.SSA.Func("init"); f != nil {
			root(g.node(f), g.Program.Place(f.Pos()))
		}
		g.foreign(pkg)
	}
	root(g.symbol("_rt0_"+g.Program.GOARCH+"_linux"), token.Position{})
	for _, named := range g.symbols.roots {
		root(g.symbol(named.Symbol), place(named.Place))
	}
	for _, name := range g.builtins() {
		root(g.symbol("runtime."+name), token.Position{})
	}
}

// foreign notes what a package brings that is neither Go nor assembly.
func (g *Graph) foreign(pkg *load.Package) {
	if pkg.Standard {
		return
	}
	for _, d := range pkg.Foreign {
		g.Unknowns = append(g.Unknowns, Unknown{"cgo", "package " + pkg.Import + " links a C library: " + d.Text, g.initOf(pkg), g.Program.Place(d.Pos)})
	}
	for _, o := range pkg.Objects {
		g.Unknowns = append(g.Unknowns, Unknown{"cgo", "package " + pkg.Import + " links an object file", g.initOf(pkg), token.Position{Filename: filepath.Join(pkg.Dir, o)}})
	}
}

func (g *Graph) initOf(pkg *load.Package) *Node {
	if f := pkg.SSA.Func("init"); f != nil {
		return g.node(f)
	}
	return nil
}
