// SPDX-License-Identifier: Apache-2.0

package reach

import (
	"go/types"

	"golang.org/x/tools/go/ssa"
	"golang.org/x/tools/go/types/typeutil"
)

// zeros are the values that nobody has written: a variable, a field or an element that is read
// before anything is stored in it is 0, and 0 is a call's number. It counts unless all values
// are seen to be filled where they are made.
type zeros struct {
	types  typeutil.Map // of which a value may be zero, as a part of another or by reflection
	parts  map[types.Type]bool
	allocs typeutil.Map // struct type -> []*ssa.Alloc
}

// note looks at the values that an instruction makes and names.
func (z *zeros) note(instr ssa.Instruction) {
	if v, ok := instr.(ssa.Value); ok {
		z.inside(v.Type())
	}
	for _, o := range instr.Operands(nil) {
		switch v := (*o).(type) {
		case *ssa.Const:
			z.zero(v.Type())
		case *ssa.Global:
			z.zero(v.Type().Underlying().(*types.Pointer).Elem())
		}
	}
	switch v := instr.(type) {
	case *ssa.Alloc:
		if s := structOf(v.Type()); s != nil {
			list, _ := z.allocs.At(s).([]*ssa.Alloc)
			z.allocs.Set(s, append(list, v))
		}
	case *ssa.TypeAssert:
		if v.CommaOk {
			z.zero(v.AssertedType)
		}
	case *ssa.MakeInterface: // reflection makes more of its kind
		t := v.X.Type()
		z.zero(t)
		if p, ok := t.Underlying().(*types.Pointer); ok {
			z.zero(p.Elem())
		}
	}
}

// inside notes the types of which values come to be with one of another type.
func (z *zeros) inside(t types.Type) {
	if z.parts[t] {
		return
	}
	if z.parts == nil {
		z.parts = map[types.Type]bool{}
	}
	z.parts[t] = true
	switch u := t.Underlying().(type) {
	case *types.Pointer:
		z.inside(u.Elem())
	case *types.Slice:
		z.zero(u.Elem())
	case *types.Array:
		z.zero(u.Elem())
	case *types.Chan:
		z.zero(u.Elem())
	case *types.Map:
		z.zero(u.Key())
		z.zero(u.Elem())
	case *types.Struct:
		for v := range u.Fields() {
			z.zero(v.Type())
		}
	case *types.Tuple:
		for v := range u.Variables() {
			z.inside(v.Type())
		}
	}
}

// zero notes that a value of a type may be zero.
func (z *zeros) zero(t types.Type) {
	if s, ok := t.Underlying().(*types.Struct); ok {
		z.types.Set(s, true)
	}
	z.inside(t)
}

// field says whether a field may be read that nothing was stored in.
func (z *zeros) field(of types.Type, field int) bool {
	s := of.Underlying()
	if z.types.At(s) != nil {
		return true
	}
	list, _ := z.allocs.At(s).([]*ssa.Alloc)
	for _, a := range list {
		if !filled(a, func(addr ssa.Value) bool {
			f, ok := addr.(*ssa.FieldAddr)
			return ok && f.X == a && f.Field == field
		}) {
			return true
		}
	}
	return false
}

// filled says whether a new variable, or the part of it that an address is of, is stored in before
// anything else may be done with it: in its own block, where only addresses of its parts come before.
func filled(a *ssa.Alloc, part func(ssa.Value) bool) bool {
	instrs := a.Block().Instrs
	for len(instrs) > 0 && instrs[0] != ssa.Instruction(a) {
		instrs = instrs[1:]
	}
	for _, instr := range instrs[1:] {
		if s, ok := instr.(*ssa.Store); ok && s.Val != ssa.Value(a) && (s.Addr == ssa.Value(a) || part(s.Addr)) {
			return true
		}
		switch instr.(type) {
		case *ssa.FieldAddr, *ssa.IndexAddr, *ssa.DebugRef:
			continue
		}
		for _, o := range instr.Operands(nil) {
			if *o == ssa.Value(a) || part(*o) {
				return false
			}
		}
	}
	return false
}

// elements says whether an element of an array may be read that nothing was stored in.
func (z *zeros) elements(v ssa.Value) bool {
	if s, ok := v.(*ssa.Slice); ok {
		v = s.X
	}
	a, ok := v.(*ssa.Alloc)
	if !ok {
		return true
	}
	array, ok := a.Type().Underlying().(*types.Pointer).Elem().Underlying().(*types.Array)
	if !ok {
		return true
	}
	for k := range array.Len() {
		if k > mostElements || !filled(a, func(addr ssa.Value) bool { return elementOf(a, addr, k) }) {
			return true
		}
	}
	return false
}

// mostElements is how long an array may be of which each element is looked for.
const mostElements = 1000

// elementOf says whether an address is that of one element of an array, by a constant.
func elementOf(a *ssa.Alloc, addr ssa.Value, k int64) bool {
	e, ok := addr.(*ssa.IndexAddr)
	if !ok || e.X != a {
		return false
	}
	c, ok := e.Index.(*ssa.Const)
	if !ok {
		return false
	}
	n, ok := number(c)
	return ok && n == uint64(k)
}
