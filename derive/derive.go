// SPDX-License-Identifier: Apache-2.0

package derive

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/derive/internal/assembly"
	"github.com/gosieve/sieve/derive/internal/load"
	"github.com/gosieve/sieve/derive/internal/reach"
	"github.com/gosieve/sieve/internal/goruntime"
)

// Config says for which build of a program calls are derived.
type Config struct {
	Dir  string    // where the pattern is looked up; empty is the working directory
	Arch arch.Arch // an ABI that Go builds programs for; zero is the machine's own
	Tags []string  // build tags
	// Args asks for the arguments of calls too, where all places have constants. Memory that is written through unsafe
	// pointers or by reflection defeats that, and what fails then is a call that the program means to make.
	Args bool
	// Cache is a folder that keeps results for programs whose sources have not changed since. It is
	// made if it is not there. Empty means none.
	Cache string
}

// Derive finds the calls of the program that a package pattern names, such as "." or
// "./cmd/server". It needs the go command, the program's module on disk and its
// dependencies in the module cache, and no network.
//
// It is an error if the pattern is not one main package, or if that does not build: the
// error is then the compiler's, with its place. What the source does not tell is no error
// but stands in Result.Unknown.
func Derive(ctx context.Context, c Config, pattern string) (*Result, error) {
	if ctx == nil {
		ctx = context.Background()
	}
	if c.Arch == 0 {
		c.Arch = arch.Native()
	}
	goarch := c.Arch.GOARCH()
	switch {
	case !c.Arch.Valid():
		return nil, errors.New("the ABI is not known")
	case goarch == "" || !assembly.Known(goarch):
		return nil, fmt.Errorf("%v: Go builds no programs for this ABI", c.Arch)
	case os.Getenv("CGO_ENABLED") == "1":
		return nil, errors.New("CGO_ENABLED is 1, and only programs without cgo can be looked through: unset it, and build with CGO_ENABLED=0")
	}
	l, err := load.List(ctx, load.Config{Dir: c.Dir, GOARCH: goarch, Tags: c.Tags}, pattern)
	if err != nil {
		return nil, err
	}
	entry := c.entry(l)
	if r := entry.read(); r != nil {
		return r, nil
	}
	p, err := l.Load(ctx)
	if err != nil {
		return nil, err
	}
	r := c.derive(p)
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	entry.write(r)
	return r, nil
}

// derive explores a program.
func (c *Config) derive(p *load.Program) *Result {
	g := reach.Explore(p)
	r := &Result{Package: p.Main.Import, Arch: c.Arch, Tags: c.Tags, Go: p.GoVersion, Functions: len(g.Nodes)}
	if p.Main.Module != nil {
		r.Module = p.Main.Module.Path
	}
	d := &derivation{args: c.Args, graph: g, paths: g.Paths(), result: r, calls: map[uint32]*Call{}}
	d.collect()
	return r
}

// derivation turns a graph into a result.
type derivation struct {
	args   bool
	graph  *reach.Graph
	paths  *reach.Paths
	result *Result
	calls  map[uint32]*Call
}

func (d *derivation) collect() {
	for _, o := range d.graph.Numbers() {
		d.add(o)
	}
	d.others()
	for _, u := range d.graph.Unknowns {
		d.result.Unknown = append(d.result.Unknown, Unknown{u.Kind, u.Message, d.place(u.Node, u.Pos)})
	}
	for _, c := range d.calls {
		slices.SortStableFunc(c.Places, nearer)
		c.Places = slices.CompactFunc(c.Places, func(a, b Place) bool { return a.Position == b.Position && a.Function == b.Function })
		c.finish()
		d.result.Calls = append(d.result.Calls, *c)
	}
	slices.SortFunc(d.result.Calls, func(a, b Call) int { return cmp.Compare(a.Name, b.Name) })
	slices.SortStableFunc(d.result.Unknown, func(a, b Unknown) int { return nearer(a.Place, b.Place) })
	d.children()
}

// nearer orders places by their paths: without guesses, short ones, and then by where
// they are.
func nearer(a, b Place) int {
	return cmp.Or(cmp.Compare(length(a.Path), length(b.Path)), cmp.Compare(a.Function, b.Function), cmp.Compare(a.Position.File, b.Position.File),
		cmp.Compare(a.Position.Line, b.Position.Line), cmp.Compare(a.Position.Column, b.Position.Column))
}

// length is a path's, with guesses counting more.
func length(path []Step) (n int) {
	for _, s := range path {
		n++
		if s.Guess {
			n += reach.GuessCost
		}
	}
	return n
}

// add notes a place where a call's number is known.
func (d *derivation) add(o reach.Origin) {
	nr := uint32(o.Number) // kernels take it as an int, on x86_64 newer ones do
	name, ok := d.result.Arch.Name(nr)
	if !ok {
		d.nameless(o)
		return
	}
	c := d.call(name, nr, Program)
	place := d.place(o.Node, o.Pos)
	c.Places = append(c.Places, place)
	if d.args {
		c.addSets(d.sets(name, func(index int) ([]uint64, bool) { return d.graph.Constants(o.Args[index]) }))
	}
	for _, m := range d.needed(o.Node) {
		if !slices.Contains(c.Modules, m) {
			c.Modules = append(c.Modules, m)
		}
	}
	slices.Sort(c.Modules)
	if len(c.Modules) > 1 {
		c.Modules = slices.DeleteFunc(c.Modules, func(m string) bool { return m == "std" })
	}
}

// beyond is far above the numbers of all calls of ABIs without a base. The tables may be
// older than the kernel, which numbers its calls one by one; this far it does not come.
const beyond = 1024

// nameless notes a number that the tables have no call for.
func (d *derivation) nameless(o reach.Origin) {
	abi, nr := d.result.Arch, uint32(o.Number)
	message := fmt.Sprintf("%v has no system call %d", abi, int32(nr))
	if other, ok := arch.Of(abi.Audit(), nr); ok && other != abi {
		name, _ := other.Name(nr)
		message = fmt.Sprintf("system call %d is one of %v (%s), which a profile for %v cannot allow", nr, other, name, abi)
	} else if nr > beyond && abi.Base() == 0 {
		return // no kernel has such a call, and all answer ENOSYS
	}
	d.graph.Unknowns = append(d.graph.Unknowns, reach.Unknown{Kind: "number", Message: message, Node: o.Node, Pos: o.Pos})
}

// call is the call of a number, which is noted if it is not yet.
func (d *derivation) call(name string, nr uint32, origin Origin) *Call {
	c := d.calls[nr]
	if c == nil {
		c = &Call{Name: name, Number: nr, Origin: origin}
		d.calls[nr] = c
	}
	return c
}

// byKernel are made where no source says so: the launch of the program after its filter is
// installed, the end of a signal handler, of threads and of the process, and what goes on
// with a call that a signal has interrupted.
func byKernel() []string {
	return []string{"execve", "exit", "exit_group", "restart_syscall", "rt_sigreturn"}
}

// others notes the calls that no source of the program has.
func (d *derivation) others() {
	abi := d.result.Arch
	for _, c := range goruntime.Calls(abi, arch.Newest) {
		if nr, ok := abi.Number(c.Name); ok && c.Need != goruntime.Optional && !c.Cgo {
			call := d.call(c.Name, nr, Runtime)
			call.needs("std")
			d.runtimeSets(call, &c)
		}
	}
	for _, name := range byKernel() {
		if nr, ok := abi.Number(name); ok {
			d.call(name, nr, Kernel).needs("std")
		}
	}
}

// needs notes a module if no other is noted.
func (c *Call) needs(module string) {
	if len(c.Modules) == 0 {
		c.Modules = []string{module}
	}
}

// children notes where other programs are executed.
func (d *derivation) children() {
	for _, name := range []string{"execve", "execveat"} {
		if c := d.result.Call(name); c != nil {
			d.result.Children = append(d.result.Children, c.Places...)
		}
	}
}
