// SPDX-License-Identifier: Apache-2.0

package reach

import (
	"go/constant"
	"go/token"
	"go/types"
	"math/bits"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/gosieve/sieve/derive/internal/assembly"
)

// Origin is a place where the number of a system call becomes a constant.
type Origin struct {
	Number uint64
	Node   *Node
	Pos    token.Position
	Args   [6]Value
}

// Value is what an argument or a number is: a value of Go, an argument of a function of
// assembly, a constant, or nothing that is known.
type Value struct {
	source ssa.Value
	node   *Node // of assembly, whose argument it is
	arg    assembly.Value
	number bool
	n      uint64
	or     uint64 // bits that are set in an argument on its way
	may    uint64 // bits that are set in it on some ways
}

// Numbers finds the numbers of all system calls that the program can make. What it cannot
// follow is added to the graph's Unknowns.
func (g *Graph) Numbers() []Origin {
	t := &tracer{g: g, seen: map[item]bool{}}
	for _, n := range g.Nodes {
		if n.Asm == nil {
			continue
		}
		for i := range n.Asm.Calls {
			c := &n.Asm.Calls[i]
			it := item{num: valueOf(n, c.Number), at: n, pos: place(c.Place)}
			if it.num.or|it.num.may != 0 {
				it.num = Value{}
			}
			for j, a := range c.Args {
				it.args[j] = valueOf(n, a)
			}
			t.push(it)
		}
	}
	t.run()
	return t.origins
}

// valueOf is what assembly knows of a register.
func valueOf(n *Node, v assembly.Value) Value {
	switch v.Kind {
	case assembly.Const:
		return Value{number: true, n: uint64(v.N | v.Or), may: uint64(v.May)}
	case assembly.Param, assembly.Register:
		or, may := uint64(v.Or), uint64(v.May)
		v.Or, v.May = 0, 0
		return Value{node: n, arg: v, or: or, may: may}
	}
	return Value{}
}

// item is a number on its way from where it is used to where it comes from.
type item struct {
	num  Value
	args [6]Value
	at   *Node // the function that it has come to
	pos  token.Position
}

// tracer follows numbers. An item is looked at once, so a loop of calls ends.
type tracer struct {
	g       *Graph
	seen    map[item]bool
	work    []item
	origins []Origin
}

// mostItems bounds the work on one program; where it ends the rest is unknown.
const mostItems = 2_000_000

func (t *tracer) push(i item) {
	if t.seen[i] {
		return
	}
	t.seen[i] = true
	t.work = append(t.work, i)
}

func (t *tracer) run() {
	for len(t.work) > 0 {
		i := t.work[len(t.work)-1]
		t.work = t.work[:len(t.work)-1]
		if len(t.seen) > mostItems {
			t.unknown(i, "the search has become too long")
			return
		}
		t.step(i)
	}
}

// unknown notes that a number could not be followed further.
func (t *tracer) unknown(i item, why string) {
	kind := "number"
	if i.at.Asm != nil {
		kind = "assembly"
	}
	t.g.Unknowns = append(t.g.Unknowns, Unknown{kind, why, i.at, i.pos})
}

// step follows a number to where it comes from.
func (t *tracer) step(i item) {
	switch v := i.num; {
	case v.number:
		t.origins = append(t.origins, Origin{v.n, i.at, i.pos, i.args})
	case v.node != nil:
		t.callers(i, v.node, func(fn *ssa.Function) int { return t.g.index(fn, v.arg) }, v.arg)
	case v.source == nil:
		t.unknown(i, "the number of a system call is not known")
	default:
		t.value(i, v.source)
	}
}

// value follows a value of Go.
func (t *tracer) value(i item, v ssa.Value) {
	next := func(v ssa.Value) { j := i; j.num = Value{source: v}; t.push(j) }
	switch v := v.(type) {
	case *ssa.Const:
		n, ok := number(v)
		if !ok {
			t.unknown(i, "the number of a system call is no integer")
			return
		}
		i.num = Value{number: true, n: n}
		t.push(i)
	case *ssa.Parameter:
		t.parameter(i, v)
	case *ssa.Phi:
		t.phi(v, next)
	case *ssa.Convert:
		t.convert(i, v, next)
	case *ssa.ChangeType:
		next(v.X)
	case *ssa.MultiConvert:
		next(v.X)
	case *ssa.Call:
		t.results(i, &v.Call, 0)
	case *ssa.Extract:
		if c, ok := v.Tuple.(*ssa.Call); ok {
			t.results(i, &c.Call, v.Index)
			return
		}
		t.lost(i, v)
	case *ssa.UnOp:
		if v.Op == token.MUL {
			t.load(i, v.X)
			return
		}
		t.lost(i, v)
	case *ssa.Field:
		t.field(i, v, v.X.Type(), v.Field)
	case *ssa.FreeVar:
		t.free(v, next, func() { t.lost(i, v) })
	case *ssa.BinOp:
		t.arithmetic(i, v)
	case *ssa.Index:
		if load, ok := v.X.(*ssa.UnOp); ok && load.Op == token.MUL {
			c := &cell{}
			t.g.facts.elements(load.X, c)
			t.cell(i, v, c, t.g.facts.zeros.elements(load.X))
			return
		}
		t.lost(i, v)
	default:
		t.lost(i, v)
	}
}

// lost notes that a value comes from data.
func (t *tracer) lost(i item, v ssa.Value) {
	what := "a computed value"
	switch v := v.(type) {
	case *ssa.Lookup, *ssa.Extract:
		what = "a map or a call"
	case *ssa.UnOp, *ssa.IndexAddr, *ssa.Index:
		what = "memory"
	case *ssa.Global:
		what = "variable " + v.String()
	case *ssa.Parameter:
		what = "an argument of a function that nobody is seen to call"
	}
	if p := v.Pos(); p.IsValid() {
		i.pos = t.g.Program.Place(p)
	}
	if instr, ok := v.(ssa.Instruction); ok {
		i.at = t.g.node(instr.Parent())
	}
	t.unknown(i, "the number of a system call comes from "+what)
}

// number is the value of a constant.
func number(c *ssa.Const) (uint64, bool) {
	if c.Value == nil || c.Value.Kind() != constant.Int {
		return 0, false
	}
	if n, ok := constant.Uint64Val(c.Value); ok {
		return n, true
	}
	n, ok := constant.Int64Val(c.Value)
	return uint64(n), ok
}

// phi follows each way that a value may come, but those that no run takes.
func (t *tracer) phi(v *ssa.Phi, next func(ssa.Value)) {
	live := t.g.facts.live(v.Parent())
	for k, e := range v.Edges {
		from := v.Block().Preds[k]
		if !live[from] {
			continue
		}
		taken := false
		for s, to := range from.Succs {
			taken = taken || to == v.Block() && !dead(from, s)
		}
		if taken {
			next(e)
		}
	}
}

// results follows a result of a call into every function that it may come to.
func (t *tracer) results(i item, c *ssa.CallCommon, index int) {
	if callee := c.StaticCallee(); callee != nil {
		t.returns(i, t.g.node(callee), index)
		return
	}
	if !c.IsInvoke() {
		t.unknown(i, "the number of a system call is the result of a function value")
		return
	}
	for _, e := range t.g.interfaceMethod(c.Value.Type(), c.Method).node.Out {
		t.returns(i, e.To, index)
	}
}

// returns follows what a function returns.
func (t *tracer) returns(i item, n *Node, index int) {
	if n.Fn == nil || n.Fn.Blocks == nil {
		t.unknown(i, "the number of a system call is the result of a call that is not followed")
		return
	}
	live := t.g.facts.live(n.Fn)
	for _, b := range n.Fn.Blocks {
		if !live[b] {
			continue
		}
		if r, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok {
			j := i
			j.at, j.pos = n, t.g.Program.Place(r.Pos())
			j.num = Value{source: r.Results[index]}
			t.push(j)
		}
	}
}

// load follows what an address holds.
func (t *tracer) load(i item, address ssa.Value) {
	switch a := address.(type) {
	case *ssa.Global:
		v := t.g.symbols.variable(a)
		if v == nil || t.g.symbols.named[v] {
			t.lost(i, a) // assembly may write it
			return
		}
		c := t.g.facts.globals[v]
		t.cell(i, a, c, c != nil && !c.initial)
	case *ssa.FieldAddr:
		t.field(i, a, a.X.Type().Underlying().(*types.Pointer).Elem(), a.Field)
	case *ssa.Alloc:
		c := &cell{}
		t.g.facts.local(a, c, map[ssa.Value]bool{})
		t.cell(i, a, c, !filled(a, func(ssa.Value) bool { return false }))
	case *ssa.IndexAddr:
		c := &cell{}
		t.g.facts.elements(a.X, c)
		t.cell(i, a, c, t.g.facts.zeros.elements(a.X))
	case *ssa.FreeVar:
		t.free(a, func(v ssa.Value) { t.load(i, v) }, func() { t.lost(i, a) })
	default:
		t.lost(i, address)
	}
}

// field follows everything that is stored in a field, in any value of its struct type.
func (t *tracer) field(i item, at ssa.Value, of types.Type, field int) {
	c := t.g.facts.cellOf(of, field)
	switch {
	case len(c.stores) == 0 && runtimeOwn(of):
		// runPerThreadSyscall, where nothing calls AllThreadsSyscall, which sets its number.
	case t.g.facts.written(of, field):
		t.lost(i, at)
	default: // the runtime sets its fields before it reads them
		t.cell(i, at, c, !runtimeOwn(of) && t.g.facts.zeros.field(of, field))
	}
}

// runtimeOwn says whether a type is the runtime's.
func runtimeOwn(t types.Type) bool {
	named, ok := types.Unalias(t).(*types.Named)
	return ok && named.Obj().Pkg() != nil && named.Obj().Pkg().Path() == "runtime"
}

// cell follows everything that is stored in a variable or a field, and 0 if it may be read
// before. One that nothing is stored in is not taken for 0.
func (t *tracer) cell(i item, at ssa.Value, c *cell, zero bool) {
	if c == nil || c.escapes || len(c.stores) == 0 {
		t.lost(i, at)
		return
	}
	if zero {
		j := i
		j.num = Value{number: true}
		t.push(j)
	}
	for _, v := range c.stores {
		j := i
		j.num = Value{source: v}
		if instr, ok := v.(ssa.Instruction); ok {
			j.at = t.g.node(instr.Parent())
		}
		t.push(j)
	}
}

// free follows a variable of a closure to where the closure is made.
func (t *tracer) free(v *ssa.FreeVar, next func(ssa.Value), lost func()) {
	fn := v.Parent()
	for k, f := range fn.FreeVars {
		if f != v {
			continue
		}
		made := t.g.facts.closures[fn]
		if len(made) == 0 {
			lost()
		}
		for _, m := range made {
			next(m.Bindings[k])
		}
	}
}

// parameter follows an argument to those who call the function.
func (t *tracer) parameter(i item, p *ssa.Parameter) {
	fn := p.Parent()
	for k, q := range fn.Params {
		if q == p {
			n := t.g.node(fn)
			t.callers(i, n, func(*ssa.Function) int { return k }, t.g.offset(fn, k))
			return
		}
	}
	t.lost(i, p)
}

// callers follows an argument of a function to all who call it. Index is the argument's
// place in a declaration of the function, and on the stack it is at.
func (t *tracer) callers(i item, n *Node, index func(*ssa.Function) int, at assembly.Value) {
	found := false
	for _, e := range n.In {
		switch e.Kind {
		case Static:
			found = true
			if e.Site != nil {
				t.site(i, n, e, e.Site, index, 0)
			} else {
				t.reference(i, n, e, at)
			}
		case Implement:
			for _, from := range e.From.In {
				found = true
				t.site(i, n, from, from.Site, index, 1)
			}
		case Address:
			found = t.values(i, n, e, index) || found
		case Reflect:
			found = true
			j := i
			j.at, j.pos = n, e.Pos
			t.unknown(j, "reflection may call this with any number of a system call")
		}
	}
	if !found {
		j := i
		j.at = n
		t.unknown(j, "the number of a system call is an argument of a function that nobody is seen to call")
	}
}

// site goes on at a call. Shift is 1 where the receiver does not stand among the arguments.
func (t *tracer) site(i item, n *Node, e *Edge, site ssa.CallInstruction, index func(*ssa.Function) int, shift int) {
	args := site.Common().Args
	decl := site.Common().StaticCallee()
	j := item{at: e.From, pos: e.Pos, args: i.args}
	actual := func(v Value) Value {
		k := -1
		switch {
		case v.node == n && v.node != nil:
			if decl == nil {
				return Value{}
			}
			k = t.g.index(decl, v.arg)
		case v.source != nil:
			p, ok := v.source.(*ssa.Parameter)
			if !ok || p.Parent() != n.Fn {
				return v
			}
			for at, q := range n.Fn.Params {
				if q == p {
					k = at
				}
			}
		default:
			return v
		}
		if k -= shift; k < 0 || k >= len(args) {
			return Value{}
		}
		return Value{source: args[k], or: v.or, may: v.may}
	}
	k := index(decl) - shift
	if k < 0 || k >= len(args) {
		t.unknown(j, "the number of a system call is not among the arguments of this call")
		return
	}
	j.num = Value{source: args[k]}
	for a := range j.args {
		j.args[a] = actual(j.args[a])
	}
	t.push(j)
}

// values goes on at every call of a function value of the function's type.
func (t *tracer) values(i item, n *Node, e *Edge, index func(*ssa.Function) int) bool {
	if t.g.facts.boxed[n] {
		j := i
		j.at, j.pos = e.From, e.Pos
		t.unknown(j, "a function that takes the number of a system call is made an interface value: reflection may call it")
		return true
	}
	found := false
	for _, taken := range t.g.facts.takers[n] {
		sites, _ := t.g.facts.sites.At(taken.fn.Signature).([]ssa.CallInstruction)
		if v := t.g.facts.onlyCalled(taken.at); v != nil {
			sites = nil
			for _, through := range t.g.facts.through {
				if through.variable == v {
					sites = append(sites, through.site)
				}
			}
		}
		for _, s := range sites {
			found = true
			from := &Edge{From: t.g.node(s.Parent()), Pos: t.g.Program.Place(position(s)), Site: s}
			t.site(i, n, from, s, func(*ssa.Function) int { return index(taken.fn) }, 0)
		}
	}
	return found
}

// reference goes on at a call of assembly: a jump leaves the arguments where they are, a
// call finds its own on the stack.
func (t *tracer) reference(i item, n *Node, e *Edge, at assembly.Value) {
	j := item{at: e.From, pos: e.Pos}
	if at.Kind == assembly.Register {
		if !e.Ref.Jump { // assembly calls by the stack, and the linker puts a wrapper between
			t.unknown(j, "the number of a system call is in a register that is not followed")
			return
		}
		j.num = Value{node: e.From, arg: at}
		t.push(j)
		return
	}
	move := func(v assembly.Value) Value {
		if w := e.From.Asm.Written; e.Ref.Jump && (w[v.N&^7] || w[v.N&^3]) {
			return Value{}
		}
		if e.Ref.Jump {
			return Value{node: e.From, arg: v}
		}
		return valueOf(e.From, e.Ref.Args[int(v.N)])
	}
	j.num = move(at)
	for a, v := range i.args {
		switch {
		case v.node == n && v.node != nil && v.arg.Kind == assembly.Param:
			if j.args[a] = move(v.arg); j.args[a].or|j.args[a].may|v.or|v.may != 0 {
				j.args[a] = Value{}
			}
		case v.number:
			j.args[a] = v
		}
	}
	t.push(j)
}

// convert follows a number through a conversion. One to less than the 32 bits that the
// kernel looks at makes another number of it.
func (t *tracer) convert(i item, v *ssa.Convert, next func(ssa.Value)) {
	size, ok := t.size(v.Type())
	if _, from := t.size(v.X.Type()); !ok || !from {
		t.lost(i, v)
		return
	}
	if size >= 4 {
		next(v.X)
		return
	}
	list, ok := t.g.Constants(Value{source: v.X})
	if !ok {
		t.lost(i, v)
		return
	}
	for _, n := range list {
		j := i
		j.num = Value{number: true, n: t.wrap(n, v.Type())}
		t.push(j)
	}
}

// size is how many bytes an integer has.
func (t *tracer) size(of types.Type) (bytes int64, ok bool) {
	b, ok := of.Underlying().(*types.Basic)
	if !ok || b.Info()&types.IsInteger == 0 {
		return 0, false
	}
	return t.g.Program.Sizes.Sizeof(b), true
}

// wrap is what is left of a number in a type of integers.
func (t *tracer) wrap(n uint64, of types.Type) uint64 {
	size, ok := t.size(of)
	if !ok {
		return n
	}
	unused := 64 - 8*size
	if of.Underlying().(*types.Basic).Info()&types.IsUnsigned != 0 {
		return n << unused >> unused
	}
	return uint64(int64(n<<unused) >> unused)
}

// arithmetic follows a computed number if both sides are constants in the end.
func (t *tracer) arithmetic(i item, v *ssa.BinOp) {
	x, xok := t.g.Constants(Value{source: v.X})
	y, yok := t.g.Constants(Value{source: v.Y})
	if !xok || !yok || len(x)*len(y) > 256 || len(x)*len(y) == 0 {
		t.lost(i, v)
		return
	}
	for _, a := range x {
		for _, b := range y {
			n, ok := compute(v.Op, a, b)
			if !ok {
				t.lost(i, v)
				return
			}
			j := i
			j.num = Value{number: true, n: t.wrap(n, v.Type())}
			t.push(j)
		}
	}
}

func compute(op token.Token, a, b uint64) (uint64, bool) {
	switch op {
	case token.ADD:
		return a + b, true
	case token.SUB:
		return a - b, true
	case token.OR:
		return a | b, true
	case token.AND:
		return a & b, true
	case token.AND_NOT:
		return a &^ b, true
	case token.XOR:
		return a ^ b, true
	case token.MUL:
		return a * b, true
	case token.SHL:
		return a << b, b < 64
	case token.SHR:
		return a >> b, b < 64
	}
	return 0, false
}

// mostDepth is how many computations of a number may stand in one another.
const mostDepth = 8

// Constants are all values that a value can have, if they are known to be few constants.
func (g *Graph) Constants(v Value) ([]uint64, bool) {
	or, may := v.or, v.may
	v.or, v.may = 0, 0
	if v.number {
		return spread([]uint64{v.n | or}, may)
	}

	if v.source == nil && v.node == nil {
		return nil, false
	}
	at := v.node
	if at == nil {
		at = g.Entry
	}
	// A number that is computed of itself, as in a loop, comes here again.
	if g.depth++; g.depth > mostDepth {
		g.depth--
		return nil, false
	}
	defer func() { g.depth-- }()
	before := len(g.Unknowns)
	t := &tracer{g: g, seen: map[item]bool{}}
	t.push(item{num: v, at: at})
	for len(t.work) > 0 && len(g.Unknowns) == before && len(t.seen) < 100_000 && len(t.origins) < 4096 {
		i := t.work[len(t.work)-1]
		t.work = t.work[:len(t.work)-1]
		t.step(i)
	}
	ok := len(g.Unknowns) == before && len(t.work) == 0
	g.Unknowns = g.Unknowns[:before]
	if !ok {
		return nil, false
	}
	var list []uint64
	seen := map[uint64]bool{}
	for _, o := range t.origins {
		if n := o.Number | or; !seen[n] {
			seen[n] = true
			list = append(list, n)
		}
	}
	return spread(list, may)
}

// spread adds the values that come of setting some of the bits, if those are few.
func spread(list []uint64, may uint64) ([]uint64, bool) {
	if bits.OnesCount64(may) > 4 {
		return nil, false
	}
	for ; may != 0; may &= may - 1 {
		bit := may & -may
		for _, n := range slices.Clone(list) {
			if !slices.Contains(list, n|bit) {
				list = append(list, n|bit)
			}
		}
	}
	return list, true
}

// index is which argument of a declaration stands at a place on the stack or in
// registers, or -1.
func (g *Graph) index(fn *ssa.Function, at assembly.Value) int {
	if fn == nil {
		return -1
	}
	if at.Kind == assembly.Register {
		return g.register(fn, int(at.N))
	}
	for k := range fn.Signature.Params().Len() {
		if g.offset(fn, k) == at {
			return k
		}
	}
	return -1
}

// register is the argument in a register, if all before it take one register each.
func (g *Graph) register(fn *ssa.Function, at int) int {
	params := fn.Signature.Params()
	for k := range min(at, params.Len()) {
		switch params.At(k).Type().Underlying().(type) {
		case *types.Basic, *types.Pointer, *types.Chan, *types.Map, *types.Signature:
			if b, ok := params.At(k).Type().Underlying().(*types.Basic); ok && b.Info()&(types.IsString|types.IsFloat|types.IsComplex) != 0 {
				return -1
			}
		default:
			return -1
		}
	}
	if at < params.Len() {
		return at
	}
	return -1
}

// offset is where an argument is on the stack (ABI0): one after the other, each aligned.
func (g *Graph) offset(fn *ssa.Function, index int) assembly.Value {
	at := int64(0)
	params := fn.Signature.Params()
	if fn.Signature.Recv() != nil {
		return assembly.Value{}
	}
	for k := range params.Len() {
		t := params.At(k).Type()
		align := g.Program.Sizes.Alignof(t)
		at = (at + align - 1) / align * align
		if k == index {
			return assembly.Value{Kind: assembly.Param, N: at}
		}
		at += g.Program.Sizes.Sizeof(t)
	}
	return assembly.Value{}
}

// live is Live, remembered.
func (f *facts) live(fn *ssa.Function) map[*ssa.BasicBlock]bool {
	if l := f.alive[fn]; l != nil {
		return l
	}
	l := Live(fn)
	f.alive[fn] = l
	return l
}

// local collects what is stored in a variable of a function, also by its closures.
func (f *facts) local(v ssa.Value, c *cell, seen map[ssa.Value]bool) {
	if seen[v] {
		return
	}
	seen[v] = true
	for _, r := range *v.Referrers() {
		m, ok := r.(*ssa.MakeClosure)
		if !ok {
			c.use(r, v)
			continue
		}
		for k, b := range m.Bindings {
			if b == v {
				f.local(m.Fn.(*ssa.Function).FreeVars[k], c, seen)
			}
		}
	}
}
