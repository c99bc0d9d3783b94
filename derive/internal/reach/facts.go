// SPDX-License-Identifier: Apache-2.0

package reach

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"
	"golang.org/x/tools/go/types/typeutil"
)

// facts are what the program does with integers and function values, for those who
// follow a number from where it is used to where it comes from.
type facts struct {
	globals map[*ssa.Global]*cell
	fields  typeutil.Map // struct type -> map[int]*cell
	// set are the types that reflection can come to with the right to write, and mixed the
	// struct types whose memory is also seen as another type.
	set      typeutil.Map
	mixed    typeutil.Map
	sites    typeutil.Map // signature -> []ssa.CallInstruction: calls of function values
	closures map[*ssa.Function][]*ssa.MakeClosure
	takers   map[*Node][]taker // where addresses of functions are taken
	alive    map[*ssa.Function]map[*ssa.BasicBlock]bool
	boxed    map[*Node]bool                  // made an interface value: reflection may call it
	used     map[*ssa.Global]bool            // variables whose functions count as called
	waiting  map[*ssa.Global][]Edge          // to functions in variables that nothing has called yet
	passed   map[*ssa.Global]bool            // variables of function values that are not only called
	held     map[*ssa.Global][]*ssa.Function // functions that are stored in a variable
	through  []throughVariable
	zeros    zeros
}

// cell is a variable or a field: what is stored in it, and whether its address goes where
// nobody follows it.
type cell struct {
	stores  []ssa.Value
	escapes bool
	initial bool // a variable that begins as a constant
}

// taker is an instruction that takes a function's address, under one of its names.
type taker struct {
	fn *ssa.Function
	at ssa.Instruction
}

// throughVariable is a call of what a variable holds.
type throughVariable struct {
	variable *ssa.Global
	site     ssa.CallInstruction
}

func (f *facts) init() {
	f.globals, f.closures = map[*ssa.Global]*cell{}, map[*ssa.Function][]*ssa.MakeClosure{}
	f.used, f.waiting = map[*ssa.Global]bool{}, map[*ssa.Global][]Edge{}
	f.held, f.passed = map[*ssa.Global][]*ssa.Function{}, map[*ssa.Global]bool{}
	f.takers, f.boxed, f.alive = map[*Node][]taker{}, map[*Node]bool{}, map[*ssa.Function]map[*ssa.BasicBlock]bool{}
}

// dynamic notes a call of a function value, and returns the variable that holds it, if one
// does.
func (f *facts) dynamic(site ssa.CallInstruction) *ssa.Global {
	sig := site.Common().Signature()
	list, _ := f.sites.At(sig).([]ssa.CallInstruction)
	f.sites.Set(sig, append(list, site))
	if load, ok := site.Common().Value.(*ssa.UnOp); ok {
		if v, ok := load.X.(*ssa.Global); ok {
			f.through = append(f.through, throughVariable{v, site})
			return v
		}
	}
	return nil
}

// note looks at one instruction.
func (f *facts) note(g *Graph, instr ssa.Instruction) {
	f.zeros.note(instr)
	switch instr := instr.(type) {
	case *ssa.MakeClosure:
		fn := instr.Fn.(*ssa.Function)
		f.closures[fn] = append(f.closures[fn], instr)
	case *ssa.ChangeType:
		f.convert(instr.X.Type(), instr.Type())
	case *ssa.Convert:
		f.convert(instr.X.Type(), instr.Type())
		if unsafePointer(instr.Type()) {
			f.within(instr.X)
		}
	case *ssa.Store:
		v, global := instr.Addr.(*ssa.Global)
		if fn, ok := instr.Val.(*ssa.Function); ok && global {
			f.held[v] = append(f.held[v], fn)
		}
	case *ssa.FieldAddr:
		if integer(instr.Type().Underlying().(*types.Pointer).Elem()) {
			f.field(instr)
		}
	}
	for _, o := range instr.Operands(nil) {
		v, ok := (*o).(*ssa.Global)
		if !ok {
			continue
		}
		switch of := v.Type().Underlying().(*types.Pointer).Elem(); of.Underlying().(type) {
		case *types.Signature:
			f.function(v, instr)
			if g.symbols.shared[v] {
				f.passed[v] = true
			}
			if f.passed[v] && !f.used[v] {
				g.release(v)
			}
		default:
			if integer(of) {
				f.global(g.symbols.variable(v), instr, v)
			}
		}
	}
}

// convert notes a conversion between struct types, or of an unsafe pointer to one to a struct's: a
// field can then be written under another name.
func (f *facts) convert(from, to types.Type) {
	a, b := structOf(from), structOf(to)
	if a != nil && b != nil && types.Identical(a, b) {
		return
	}
	if a != nil && (b != nil || unsafePointer(to)) {
		f.mix(a)
	}
	if b != nil && (a != nil || unsafePointer(from)) {
		f.mix(b)
	}
	if p, ok := from.Underlying().(*types.Pointer); ok && unsafePointer(to) {
		f.mix(p.Elem())
	}
}

// mix notes that memory of a type is also seen as another's: that of its parts too.
func (f *facts) mix(t types.Type) {
	switch u := t.Underlying().(type) {
	case *types.Array:
		f.mix(u.Elem())
	case *types.Struct:
		if f.mixed.At(u) != nil {
			return
		}
		f.mixed.Set(u, true)
		for v := range u.Fields() {
			f.mix(v.Type())
		}
	}
}

// within notes that the address of a part of a struct becomes an unsafe pointer, from which the
// other parts are an addition away.
func (f *facts) within(address ssa.Value) {
	for {
		switch a := address.(type) {
		case *ssa.FieldAddr:
			f.mix(a.X.Type().Underlying().(*types.Pointer).Elem())
			address = a.X
		case *ssa.IndexAddr:
			address = a.X
		default:
			return
		}
	}
}

// structOf is the struct type of a value or of what it points to, nil if there is none.
func structOf(t types.Type) *types.Struct {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	s, _ := t.Underlying().(*types.Struct)
	return s
}

func unsafePointer(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Kind() == types.UnsafePointer
}

// function notes a use of a variable that holds a function: those that do more than call
// it or store in it.
func (f *facts) function(v *ssa.Global, instr ssa.Instruction) {
	switch instr := instr.(type) {
	case *ssa.Store:
		if instr.Val != v {
			return
		}
	case *ssa.UnOp:
		for _, r := range *instr.Referrers() {
			call, ok := r.(ssa.CallInstruction)
			if !ok || call.Common().Value != instr || slices.Contains(call.Common().Args, ssa.Value(instr)) {
				f.passed[v] = true
			}
		}
		return
	}
	f.passed[v] = true
}

// onlyCalled is the variable that an instruction stores a function in, if all that is done
// with what it holds is to call it.
func (f *facts) onlyCalled(at ssa.Instruction) *ssa.Global {
	if s, ok := at.(*ssa.Store); ok {
		if v, ok := s.Addr.(*ssa.Global); ok && !f.passed[v] {
			return v
		}
	}
	return nil
}

// integer says whether a type could hold a number of a call.
func integer(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsInteger != 0
}

// global notes a use of a variable.
func (f *facts) global(v *ssa.Global, instr ssa.Instruction, as *ssa.Global) {
	if v == nil {
		return
	}
	c := f.globals[v]
	if c == nil {
		c = &cell{}
		f.globals[v] = c
	}
	c.use(instr, as)
}

// use notes a use of an address.
func (c *cell) use(instr ssa.Instruction, address ssa.Value) {
	switch instr := instr.(type) {
	case *ssa.Store:
		if instr.Val == address {
			c.escapes = true
			return
		}
		c.stores = append(c.stores, instr.Val)
		if _, ok := instr.Val.(*ssa.Const); ok && instr.Parent().Synthetic == "package initializer" {
			c.initial = true
		}
	case *ssa.UnOp, *ssa.DebugRef:
	default:
		c.escapes = true
	}
}

// field notes the uses of a field's address.
func (f *facts) field(at *ssa.FieldAddr) {
	c := f.cellOf(at.X.Type().Underlying().(*types.Pointer).Elem(), at.Field)
	for _, r := range *at.Referrers() {
		c.use(r, at)
	}
}

// cellOf is the cell of a field: all values of a struct type share it.
func (f *facts) cellOf(t types.Type, field int) *cell {
	s := t.Underlying()
	all, _ := f.fields.At(s).(map[int]*cell)
	if all == nil {
		all = map[int]*cell{}
		f.fields.Set(s, all)
	}
	c := all[field]
	if c == nil {
		c = &cell{}
		all[field] = c
	}
	return c
}

// elements collects what is stored in the elements of an array of a function, which nothing but
// the function's own loads and stores may come to.
func (f *facts) elements(v ssa.Value, c *cell) {
	if s, ok := v.(*ssa.Slice); ok {
		v = s.X
	}
	a, ok := v.(*ssa.Alloc)
	if !ok {
		c.escapes = true
		return
	}
	for _, r := range *a.Referrers() {
		switch r := r.(type) {
		case *ssa.IndexAddr:
			for _, u := range *r.Referrers() {
				c.use(u, r)
			}
		case *ssa.Slice:
			f.sliced(r, c)
		case *ssa.UnOp, *ssa.DebugRef:
		default:
			c.escapes = true
		}
	}
}

// sliced collects what is stored by way of a slice of an array.
func (f *facts) sliced(s *ssa.Slice, c *cell) {
	for _, r := range *s.Referrers() {
		switch r := r.(type) {
		case *ssa.IndexAddr:
			for _, u := range *r.Referrers() {
				c.use(u, r)
			}
		case *ssa.Call:
			if b, ok := r.Call.Value.(*ssa.Builtin); !ok || b.Name() != "len" && b.Name() != "cap" {
				c.escapes = true
			}
		case *ssa.DebugRef:
		default:
			c.escapes = true
		}
	}
}

// settable notes what reflection can write if it has a value of a type: what a struct holds
// in unexported fields it can only read.
func (f *facts) settable(t types.Type) {
	t = types.Unalias(t)
	if f.set.At(t) != nil {
		return
	}
	f.set.Set(t, true)
	switch u := t.Underlying().(type) {
	case *types.Pointer:
		f.settable(u.Elem())
	case *types.Slice:
		f.settable(u.Elem())
	case *types.Array:
		f.settable(u.Elem())
	case *types.Chan:
		f.settable(u.Elem())
	case *types.Map:
		f.settable(u.Key())
		f.settable(u.Elem())
	case *types.Struct:
		f.set.Set(u, true)
		for v := range u.Fields() {
			if v.Exported() || v.Embedded() {
				f.settable(v.Type())
			}
		}
	case *types.Signature:
		for v := range u.Params().Variables() {
			f.settable(v.Type())
		}
	}
}

// written says whether fields of a struct type are written where nobody sees it: by
// reflection, which writes exported ones, or as memory of another type.
func (f *facts) written(t types.Type, field int) bool {
	s := t.Underlying().(*types.Struct)
	return f.mixed.At(s) != nil || s.Field(field).Exported() && f.set.At(s) != nil
}
