// SPDX-License-Identifier: Apache-2.0

package reach

import (
	"go/constant"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// Live are the blocks of a function that can be reached: a branch on a constant has one
// way. Code for other machines stands behind such branches.
func Live(fn *ssa.Function) map[*ssa.BasicBlock]bool {
	live := map[*ssa.BasicBlock]bool{}
	if len(fn.Blocks) == 0 {
		return live
	}
	work := []*ssa.BasicBlock{fn.Blocks[0]}
	if fn.Recover != nil {
		work = append(work, fn.Recover)
	}
	for len(work) > 0 {
		b := work[len(work)-1]
		work = work[:len(work)-1]
		if live[b] {
			continue
		}
		live[b] = true
		for i, next := range b.Succs {
			if !dead(b, i) {
				work = append(work, next)
			}
		}
	}
	return live
}

// dead says whether a block never goes to its i-th successor.
func dead(b *ssa.BasicBlock, i int) bool {
	branch, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If)
	if !ok {
		return false
	}
	c, ok := branch.Cond.(*ssa.Const)
	if !ok || c.Value == nil || c.Value.Kind() != constant.Bool {
		return false
	}
	return constant.BoolVal(c.Value) != (i == 0)
}

// scan follows what a function of Go calls, names and makes.
func (g *Graph) scan(n *Node) {
	if n.Fn.Blocks == nil {
		g.undefined(n)
		return
	}
	live := Live(n.Fn)
	var operands []*ssa.Value
	for _, b := range n.Fn.Blocks {
		if !live[b] {
			continue
		}
		for _, instr := range b.Instrs {
			var callee ssa.Value
			if call, ok := instr.(ssa.CallInstruction); ok {
				callee = call.Common().Value
				g.call(n, call)
			}
			operands = instr.Operands(operands[:0])
			for _, o := range operands {
				if fn, ok := (*o).(*ssa.Function); ok && *o != callee {
					g.address(n, fn, instr)
				}
			}
			if callee != nil { // the callee among the arguments too
				for _, a := range instr.(ssa.CallInstruction).Common().Args {
					if fn, ok := a.(*ssa.Function); ok {
						g.address(n, fn, instr)
					}
				}
			}
			if m, ok := instr.(*ssa.MakeInterface); ok {
				g.facts.settable(m.X.Type())
				g.value(n, m.X.Type(), g.Program.Place(near(m)))
			}
			g.facts.note(g, instr)
		}
	}
}

// undefined is a function without a body that nothing of the program defines. The
// standard library has functions that the compiler knows itself; elsewhere the linker
// would refuse the program, if its symbol is not one that C defines.
func (g *Graph) undefined(n *Node) {
	if n.Pkg != nil && n.Pkg.Standard || n.Fn.Blocks != nil {
		return
	}
	g.Unknowns = append(g.Unknowns, Unknown{"linkname", "nothing defines " + g.symbols.of(n.Fn), n, g.Program.Place(n.Fn.Pos())})
}

// call follows a call.
func (g *Graph) call(n *Node, site ssa.CallInstruction) {
	common := site.Common()
	pos := g.Program.Place(position(site))
	if common.IsInvoke() {
		g.invoke(n, site, pos)
		return
	}
	callee := common.StaticCallee()
	if callee == nil {
		if _, builtin := common.Value.(*ssa.Builtin); !builtin {
			if v := g.facts.dynamic(site); v != nil {
				g.release(v)
			}
		}
		return
	}
	g.reflection(n, callee, common)
	g.link(Edge{From: n, To: g.node(callee), Pos: pos, Site: site, Kind: Static})
}

// position is where a call stands: its own position is its bracket's, which wrappers do
// not have.
func position(site ssa.CallInstruction) token.Pos {
	if p := site.Common().Pos(); p.IsValid() {
		return p
	}
	if p := site.Pos(); p.IsValid() {
		return p
	}
	return site.Parent().Pos()
}

// address follows a function whose address is taken: somebody may call it.
func (g *Graph) address(n *Node, fn *ssa.Function, at ssa.Instruction) {
	pos := near(at)
	if methodFinder(fn) != "" && !inReflect(n.Fn) {
		g.reflectEverything()
	}
	to := g.node(fn)
	switch at.(type) {
	case *ssa.MakeInterface:
		g.facts.boxed[to] = true
	}
	edge := Edge{From: n, To: to, Pos: g.Program.Place(pos), Kind: Address}
	if s, ok := at.(*ssa.Store); ok && s.Val == ssa.Value(fn) {
		if v, ok := s.Addr.(*ssa.Global); ok {
			g.hold(v, edge)
			g.facts.takers[to] = append(g.facts.takers[to], taker{fn, at})
			return
		}
	}
	g.facts.takers[to] = append(g.facts.takers[to], taker{fn, at})
	g.link(edge)
}

// hold notes a function that is stored in a variable. It counts as called only if what the
// variable holds is called, or goes elsewhere.
func (g *Graph) hold(v *ssa.Global, e Edge) {
	if g.facts.passed[v] || g.facts.used[v] || g.symbols.shared[v] {
		g.link(e)
		return
	}
	g.facts.waiting[v] = append(g.facts.waiting[v], e)
}

// release links the functions that a variable holds.
func (g *Graph) release(v *ssa.Global) {
	g.facts.used[v] = true
	for _, e := range g.facts.waiting[v] {
		g.link(e)
	}
	delete(g.facts.waiting, v)
}

// near is where an instruction stands, or who uses it: conversions have no place of their own.
func near(at ssa.Instruction) token.Pos {
	if p := at.Pos(); p.IsValid() {
		return p
	}
	if v, ok := at.(ssa.Value); ok && v.Referrers() != nil {
		for _, r := range *v.Referrers() {
			if call, ok := r.(ssa.CallInstruction); ok {
				return position(call)
			}
			if p := r.Pos(); p.IsValid() {
				return p
			}
		}
	}
	return at.Parent().Pos()
}

// methodFinder is the name of a function that finds methods by number or name: those of
// reflect.Value, and the implementation of reflect.Type.
func methodFinder(fn *ssa.Function) string {
	if fn.Pkg == nil || fn.Pkg.Pkg.Path() != "reflect" || fn.Signature.Recv() == nil {
		return ""
	}
	if fn.Name() != "Method" && fn.Name() != "MethodByName" {
		return ""
	}
	return fn.Name()
}

func inReflect(fn *ssa.Function) bool {
	return fn.Pkg != nil && fn.Pkg.Pkg.Path() == "reflect"
}

// reflection notes a call that finds methods: all exported ones if it is not by a
// constant name. It is the linker's own rule for what to keep.
func (g *Graph) reflection(n *Node, callee *ssa.Function, common *ssa.CallCommon) {
	finder := methodFinder(callee)
	if finder == "" || inReflect(n.Fn) {
		return
	}
	g.find(finder, common.Args[len(common.Args)-1])
}

// find notes that methods are found, by a name if it is constant.
func (g *Graph) find(finder string, by ssa.Value) {
	if c, ok := by.(*ssa.Const); ok && finder == "MethodByName" && c.Value != nil && c.Value.Kind() == constant.String {
		g.reflectName(constant.StringVal(c.Value))
		return
	}
	g.reflectEverything()
}

// findsMethods says whether a method of an interface is reflect.Type's Method or
// MethodByName, by what it returns, and as the compiler does.
func findsMethods(m *types.Func) bool {
	if m.Name() != "Method" && m.Name() != "MethodByName" {
		return false
	}
	results := m.Signature().Results()
	if results.Len() == 0 {
		return false
	}
	named, ok := types.Unalias(results.At(0).Type()).(*types.Named)
	if !ok || named.Obj().Pkg() == nil || named.Obj().Pkg().Path() != "reflect" {
		return false
	}
	return named.Obj().Name() == "Method" || named.Obj().Name() == "Value"
}
