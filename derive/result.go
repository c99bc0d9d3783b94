// SPDX-License-Identifier: Apache-2.0

package derive

import (
	"fmt"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/seccomp"
)

// Result is what a program can do.
type Result struct {
	Package   string    // the main package
	Module    string    // its module; empty for files outside of one
	Arch      arch.Arch // the ABI that the calls are made through
	Tags      []string  // build tags
	Go        string    // the release of Go whose library and runtime were read: "go1.26.8"
	Functions int       // how many functions the program can come to
	// Calls are all calls that a filter has to allow, by name.
	Calls []Call
	// Unknown are the places that could not be looked into. If there are any, the
	// program may make other calls than those listed.
	Unknown []Unknown
	// Children are the places that execute other programs, which run under the same
	// filter and whose calls are not listed.
	Children []Place
}

// Call is a system call that the program can make.
type Call struct {
	Name   string
	Number uint32
	Origin Origin
	// Places are where the call's number is a constant, those with the shortest path first.
	// Empty if Origin is not Program.
	Places []Place
	// Modules are those whose functions need the call: they make it, or call what
	// makes it in the standard library. "std" stands alone if it is nobody else.
	Modules []string
	// Sets are the arguments that the call is made with, if Config.Args asked for them: all of one set
	// hold. Without sets the arguments can be any.
	Sets [][]Arg

	open bool // a place passes arguments that are not known
}

// Origin says how a call came into a result.
type Origin uint8

// The origins.
const (
	Program Origin = iota + 1 // found in the source of the program, its imports or the runtime
	Runtime                   // not found, but in the list of what the runtime calls
	Kernel                    // made by the kernel itself, or between installing the filter and main
)

// String is the origin in lower case.
func (o Origin) String() string {
	switch o {
	case Program:
		return "program"
	case Runtime:
		return "runtime"
	case Kernel:
		return "kernel"
	}
	return fmt.Sprintf("Origin(%d)", uint8(o))
}

// Position is a line of a file. Files of the program's own module are named relative to
// the module, those of others as module@version/file, and those of the standard library as
// their package has them: net/http/server.go.
type Position struct {
	File         string
	Line, Column int // from 1; 0 if not known
}

// String is "file:line", "file" if the line is not known.
func (p Position) String() string {
	if p.Line == 0 {
		return p.File
	}
	return fmt.Sprintf("%s:%d", p.File, p.Line)
}

// Place is a place in a program with a path that leads to it.
type Place struct {
	Function string
	Package  string // import path
	Module   string // "std" for the standard library
	Position Position
	// Path leads from a root, main.main if possible, to Function. Of several it is one
	// with few guesses, and then a short one.
	Path []Step
}

// Step is a function on a path.
type Step struct {
	Function string
	Package  string
	Module   string
	Position Position // of the call, in the function before; zero for a root
	// Guess is true if the function before need not call this one: it calls a method of
	// an interface or takes a function's address.
	Guess bool
}

// Unknown is a place that could not be looked into.
type Unknown struct {
	Kind    string // "number", "assembly", "linkname", "cgo" or "plugin"
	Message string
	Place   Place
}

// Allows says whether the result has a call of that name.
func (r *Result) Allows(name string) bool { return r.Call(name) != nil }

// Call returns the call of a name, nil if the program does not make it.
func (r *Result) Call(name string) *Call {
	if r == nil {
		return nil
	}
	for i := range r.Calls {
		if r.Calls[i].Name == name {
			return &r.Calls[i]
		}
	}
	return nil
}

// Policy returns a policy that allows the calls and denies all others. Calls through
// other ABIs are denied too: a Go program makes none.
func (r *Result) Policy(denied seccomp.Action) *seccomp.Policy {
	if r == nil {
		r = new(Result)
	}
	rule := seccomp.Rule{Action: seccomp.Allow}
	var rules []seccomp.Rule
	for i := range r.Calls {
		if c := &r.Calls[i]; len(c.Sets) > 0 {
			rules = append(rules, c.rules()...)
		} else {
			rule.Syscalls = append(rule.Syscalls, c.Name)
		}
	}
	if len(rule.Syscalls) > 0 {
		rules = append([]seccomp.Rule{rule}, rules...)
	}
	return &seccomp.Policy{Arches: []arch.Arch{r.Arch}, Rules: rules, Default: denied, BadArch: seccomp.KillProcess}
}
