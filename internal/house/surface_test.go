// SPDX-License-Identifier: Apache-2.0

package house

import (
	"fmt"
	"go/ast"
	"go/build"
	"go/parser"
	"go/token"
	"maps"
	"path"
	"path/filepath"
	"reflect"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// publicPackages are those that other programs may import, by their folder.
var publicPackages = []string{
	"arch", "bpf", "derive", "profile", "profile/baseline", "profile/dialect", "profile/firecracker", "profile/grant", "profile/lint", "profile/mesos", "profile/minijail",
	"profile/oci", "profile/spo", "profile/systemd", "seccomp", "seccomp/features", "seccomp/launch",
	"seccomp/notify", "seccomp/notify/handover", "seccomp/proof",
}

// surfaceFuncs and surfaceTypes are the rows of surface_rows_test.go by name: "seccomp.Diff".
var surfaceFuncs, surfaceTypes = func() (map[string]any, map[string]reflect.Type) {
	funcs, types := map[string]any{}, map[string]reflect.Type{}
	for _, f := range publicFuncs {
		funcs[nameOf(f)] = f
	}
	for _, typ := range publicTypes {
		types[typ.String()] = typ
	}
	return funcs, types
}()

// nameOf is a function's name with its package's.
func nameOf(f any) string {
	name := path.Base(runtime.FuncForPC(reflect.ValueOf(f).Pointer()).Name())
	name, _, _ = strings.Cut(name, "[")
	return name
}

// TestSurfaceTable holds the tables of this test to the sources: every exported function
// and type of a public package has a row, and no row is of anything else.
func TestSurfaceTable(t *testing.T) {
	var declared, rows []string
	for _, folder := range publicPackages {
		declared = append(declared, exportedBy(t, folder)...)
	}
	rows = slices.AppendSeq(rows, maps.Keys(surfaceFuncs))
	rows = slices.AppendSeq(rows, maps.Keys(surfaceTypes))
	slices.Sort(declared)
	slices.Sort(rows)
	require.Equal(t, declared, rows, "surface_rows_test.go lists what the public packages export")
}

// TestPublicPackages: no package is public without this test.
func TestPublicPackages(t *testing.T) {
	var found []string
	for _, root := range []string{"arch", "bpf", "derive", "profile", "seccomp"} {
		for _, pattern := range []string{"", "/*", "/*/*"} {
			folders, err := filepath.Glob("../../" + root + pattern)
			require.NoError(t, err)
			for _, folder := range folders {
				folder = filepath.ToSlash(folder)[len("../../"):]
				if p, err := build.ImportDir("../../"+folder, 0); err == nil && p.Name != "main" && !strings.Contains(folder, "internal") {
					found = append(found, folder)
				}
			}
		}
	}
	slices.Sort(found)
	require.Equal(t, publicPackages, found)
}

// exportedBy lists the functions and types that a folder's package exports on this
// system: "seccomp.Diff".
func exportedBy(t *testing.T, folder string) []string {
	p, err := build.ImportDir("../../"+folder, 0)
	require.NoError(t, err)
	var list []string
	for _, name := range p.GoFiles {
		file, err := parser.ParseFile(token.NewFileSet(), filepath.Join("../..", folder, name), nil, parser.SkipObjectResolution)
		require.NoError(t, err)
		for _, d := range file.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				if d.Recv == nil && d.Name.IsExported() {
					list = append(list, p.Name+"."+d.Name.Name)
				}
			case *ast.GenDecl:
				for _, s := range d.Specs {
					if s, ok := s.(*ast.TypeSpec); ok && s.Name.IsExported() {
						list = append(list, p.Name+"."+s.Name.Name)
					}
				}
			}
		}
	}
	return list
}

// TestZeroValues calls every exported function and method with nil and zero values, in
// all combinations that make sense of them: receivers, arguments, elements of what is
// variadic. None may panic.
func TestZeroValues(t *testing.T) {
	for _, name := range slices.Sorted(maps.Keys(surfaceFuncs)) {
		t.Run(name, func(t *testing.T) { callAll(t, name, reflect.ValueOf(surfaceFuncs[name]), nil) })
	}
	for _, name := range slices.Sorted(maps.Keys(surfaceTypes)) {
		t.Run(name, func(t *testing.T) {
			typ := surfaceTypes[name]
			if typ.Kind() == reflect.Interface {
				return // its implementations have rows
			}
			methods(t, name, typ)
			methods(t, "*"+name, reflect.PointerTo(typ))
		})
	}
}

// methods calls the methods of a type. A pointer's methods that its element has are left
// to the element: Go itself panics there for nil.
func methods(t *testing.T, name string, typ reflect.Type) {
	for i := range typ.NumMethod() {
		m := typ.Method(i)
		if typ.Kind() == reflect.Pointer {
			if _, ok := typ.Elem().MethodByName(m.Name); ok {
				continue
			}
		}
		callAll(t, name+"."+m.Name, m.Func, nil)
	}
}

// callAll calls a function with all combinations of zero arguments.
func callAll(t *testing.T, name string, f reflect.Value, args []reflect.Value) {
	typ := f.Type()
	if len(args) < typ.NumIn() {
		variadic := typ.IsVariadic() && len(args) == typ.NumIn()-1
		if variadic {
			callOne(t, name, f, args)
			for _, v := range zeros(typ.In(len(args)).Elem()) {
				callOne(t, name, f, append(slices.Clone(args), v))
			}
			return
		}
		for _, v := range zeros(typ.In(len(args))) {
			callAll(t, name, f, append(slices.Clone(args), v))
		}
		return
	}
	callOne(t, name, f, args)
}

// callOne calls a function on a thread of its own, as some change their thread.
func callOne(t *testing.T, name string, f reflect.Value, args []reflect.Value) {
	said := make(chan string)
	go func() {
		runtime.LockOSThread() // and never unlocks: the thread ends
		defer func() {
			if r := recover(); r != nil {
				said <- fmt.Sprintf("%s(%s) panics: %v\n%s", name, describe(args), r, debug.Stack())
			}
			close(said)
		}()
		for _, result := range f.Call(args) {
			use(result)
		}
	}()
	switch panicked := <-said; {
	case name == "launch.CommandContext" && args[0].IsNil():
		if !strings.Contains(panicked, "panics: launch: nil context") {
			t.Errorf("%s(%s): a nil context is refused with a panic, as in os/exec", name, describe(args))
		}
	case panicked != "":
		t.Error(panicked)
	}
}

// use does with a result what callers do: prints an error, ranges over a sequence.
func use(v reflect.Value) {
	switch typ := v.Type(); {
	case typ.Kind() == reflect.Interface && !v.IsNil():
		_ = fmt.Sprint(v.Interface())
		if err, ok := v.Interface().(error); ok {
			_ = err.Error() // Sprint catches panics
		}
	case typ.Kind() == reflect.Func && typ.CanSeq2() && !v.IsNil():
		for range v.Seq2() {
			break
		}
	case typ.Kind() == reflect.Func && !v.IsNil() && typ.NumIn() == 1 && typ.NumOut() > 0 && typ.In(0).Kind() == reflect.String:
		v.Call([]reflect.Value{reflect.Zero(typ.In(0))})
	}
}

// zeros are the values of a type that say nothing: nil and, for what points, the zero of
// what it points to.
func zeros(typ reflect.Type) []reflect.Value {
	list := []reflect.Value{reflect.Zero(typ)}
	switch typ.Kind() {
	case reflect.Pointer:
		if strings.HasPrefix(typ.Elem().PkgPath(), "github.com/gosieve/sieve/") { // os.File is not ours to ask
			list = append(list, reflect.New(typ.Elem()))
		}
	case reflect.Slice, reflect.Map:
		if typ.Kind() == reflect.Slice {
			list = append(list, reflect.MakeSlice(typ, 0, 0))
			list = append(list, reflect.MakeSlice(typ, 1, 1))
		}
	case reflect.Interface:
		for _, name := range slices.Sorted(maps.Keys(surfaceTypes)) {
			for _, candidate := range []reflect.Type{surfaceTypes[name], reflect.PointerTo(surfaceTypes[name])} {
				if candidate.Kind() != reflect.Interface && candidate.Implements(typ) && typ.NumMethod() > 1 &&
					(candidate.Kind() != reflect.Pointer || !candidate.Elem().Implements(typ)) {
					list = append(list, reflect.Zero(candidate))
					if candidate.Kind() == reflect.Pointer {
						list = append(list, reflect.New(candidate.Elem()))
					}
				}
			}
		}
	}
	return list
}

func describe(args []reflect.Value) string {
	var words []string
	for _, a := range args {
		words = append(words, fmt.Sprintf("%#v", a))
	}
	return strings.Join(words, ", ")
}
