// SPDX-License-Identifier: Apache-2.0

package reach

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// method is a method of a type that was made an interface value.
type method struct {
	of    types.Type
	sel   *types.Selection
	by    *Node // who made the value
	pos   token.Position
	taken bool // linked by reflection
}

// iface is an interface that is called, and which types have been found to implement it.
type iface struct {
	of      *types.Interface
	typ     types.Type
	methods map[string]*interfaceMethod
	has     map[types.Type]bool
}

// interfaceMethod is a method of an interface that is called.
type interfaceMethod struct {
	of   *iface
	node *Node
}

// invoke follows a call of an interface's method to all that may have it.
func (g *Graph) invoke(n *Node, site ssa.CallInstruction, pos token.Position) {
	common := site.Common()
	if findsMethods(common.Method) && !inReflect(n.Fn) {
		g.find(common.Method.Name(), common.Args[0])
	}
	m := g.interfaceMethod(common.Value.Type(), common.Method)
	g.link(Edge{From: n, To: m.node, Pos: pos, Site: site, Kind: Invoke})
}

// interfaceMethod returns the node of an interface's method, linked to those who have it.
func (g *Graph) interfaceMethod(t types.Type, f *types.Func) *interfaceMethod {
	t = types.Unalias(t)
	i, _ := g.interfaces.At(t).(*iface)
	if i == nil {
		i = &iface{of: t.Underlying().(*types.Interface), typ: t, methods: map[string]*interfaceMethod{}, has: map[types.Type]bool{}}
		g.interfaces.Set(t, i)
	}
	id := f.Id()
	if m := i.methods[id]; m != nil {
		return m
	}
	m := &interfaceMethod{of: i}
	m.node = &Node{Name: "(" + types.TypeString(t, nil) + ")." + f.Name(), method: m}
	i.methods[id] = m
	g.called[id] = append(g.called[id], m)
	for _, c := range g.concrete[id] {
		g.implement(m, c)
	}
	return m
}

// implement links a type's method to that of an interface, if the type implements it.
func (g *Graph) implement(m *interfaceMethod, c *method) {
	has, known := m.of.has[c.of]
	if !known {
		has = types.Implements(c.of, m.of.of)
		m.of.has[c.of] = has
	}
	if has {
		g.link(Edge{From: m.node, To: g.node(g.Program.SSA.MethodValue(c.sel)), Pos: c.pos, Kind: Implement})
	}
}

// value notes that a value of a type was made an interface value. Reflection then comes
// to the types of its parts too.
func (g *Graph) value(by *Node, t types.Type, pos token.Position) {
	t = types.Unalias(t)
	if g.types.At(t) != nil {
		return
	}
	g.types.Set(t, true)
	if _, ok := t.Underlying().(*types.Interface); !ok {
		g.concreteType(by, t, pos)
	}
	part := func(t types.Type) { g.value(by, t, pos) }
	switch u := t.Underlying().(type) {
	case *types.Pointer:
		part(u.Elem())
	case *types.Slice:
		part(u.Elem())
	case *types.Array:
		part(u.Elem())
	case *types.Chan:
		part(u.Elem())
	case *types.Map:
		part(u.Key())
		part(u.Elem())
	case *types.Struct:
		for f := range u.Fields() {
			part(f.Type())
		}
	case *types.Signature:
		g.signature(u, part)
	}
	_, named := t.(*types.Named)
	_, unnamed := t.(*types.Struct)
	if named && !types.IsInterface(t) || unnamed { // either may have methods
		part(types.NewPointer(t))
	}
}

func (g *Graph) signature(s *types.Signature, part func(types.Type)) {
	for v := range s.Params().Variables() {
		part(v.Type())
	}
	for v := range s.Results().Variables() {
		part(v.Type())
	}
}

// concreteType links the methods of a type to the interfaces' that it may be called by.
func (g *Graph) concreteType(by *Node, t types.Type, pos token.Position) {
	set := g.Program.SSA.MethodSets.MethodSet(t)
	for sel := range set.Methods() {
		c := &method{of: t, sel: sel, by: by, pos: pos}
		id := sel.Obj().Id()
		g.concrete[id] = append(g.concrete[id], c)
		for _, m := range g.called[id] {
			g.implement(m, c)
		}
		if sel.Obj().Exported() {
			g.exported = append(g.exported, c)
			if g.reflectAll || g.byName[sel.Obj().Name()] {
				g.take(c)
			}
		}
	}
}

// take links a method that reflection may call.
func (g *Graph) take(c *method) {
	if c.taken {
		return
	}
	c.taken = true
	to := g.node(g.Program.SSA.MethodValue(c.sel))
	to.Reflected = true
	g.link(Edge{From: c.by, To: to, Pos: c.pos, Kind: Reflect})
	// A method's own arguments can be made by reflection.
	g.signature(c.sel.Obj().(*types.Func).Signature(), func(t types.Type) {
		g.facts.settable(t)
		g.value(c.by, t, c.pos)
	})
}

// reflectEverything notes that reflection may find any exported method.
func (g *Graph) reflectEverything() {
	if g.reflectAll {
		return
	}
	g.reflectAll = true
	for i := 0; i < len(g.exported); i++ {
		g.take(g.exported[i])
	}
}

// reflectName notes that reflection finds methods of a name.
func (g *Graph) reflectName(name string) {
	if g.byName[name] {
		return
	}
	g.byName[name] = true
	for i := 0; i < len(g.exported); i++ {
		if c := g.exported[i]; c.sel.Obj().Name() == name {
			g.take(c)
		}
	}
}
