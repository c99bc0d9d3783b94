// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/derive"
)

// deriveDocument is what derive --format json writes. Its fields are an interface: some
// may be added, none renamed.
type deriveDocument struct {
	Package   string           `json:"package"`
	Module    string           `json:"module,omitempty"`
	GOARCH    string           `json:"goarch"`
	Tags      []string         `json:"tags,omitempty"`
	Go        string           `json:"go"`
	Functions int              `json:"functions"`
	Calls     []derivedCall    `json:"calls"`
	Unknown   []derivedUnknown `json:"unknown"`
	Children  []derivedPlace   `json:"children"` // what executes other programs
}

// derivedCall is a call as sieve eval has it, with its reasons.
type derivedCall struct {
	Arch    string   `json:"arch"`
	Nr      uint32   `json:"nr"`
	Name    string   `json:"name"`
	Origin  string   `json:"origin"` // program, runtime, kernel
	Places  int      `json:"places"`
	Modules []string `json:"modules"`
	// Args are sets of conditions, of which one holds; none if the arguments can be any.
	Args [][]derivedArg `json:"args,omitempty"`
	derivedPlace
}

// derivedArg is a condition on an argument: its bits of the mask have a value.
type derivedArg struct {
	Index int    `json:"index"`
	Value uint64 `json:"value"`
	Mask  uint64 `json:"mask"`
}

// derivedUnknown is a place that could not be looked into.
type derivedUnknown struct {
	Kind    string `json:"kind"`
	Message string `json:"message"`
	derivedPlace
}

// derivedPlace is a place with a path to it.
type derivedPlace struct {
	Function string        `json:"function,omitempty"`
	Package  string        `json:"package,omitempty"`
	Module   string        `json:"module,omitempty"`
	File     string        `json:"file,omitempty"`
	Line     int           `json:"line,omitempty"`
	Column   int           `json:"column,omitempty"`
	Path     []derivedStep `json:"path"`
}

// derivedStep is a function on a path, with the place in the one before that calls it.
type derivedStep struct {
	Function string `json:"function"`
	Module   string `json:"module,omitempty"`
	File     string `json:"file,omitempty"`
	Line     int    `json:"line,omitempty"`
	Column   int    `json:"column,omitempty"`
	Guess    bool   `json:"guess,omitempty"`
}

// document is the result as JSON.
func (d *derivation) document() *deriveDocument {
	r := d.result
	doc := &deriveDocument{Package: r.Package, Module: r.Module, GOARCH: r.Arch.GOARCH(), Tags: r.Tags, Go: r.Go, Functions: r.Functions,
		Calls: []derivedCall{}, Unknown: []derivedUnknown{}, Children: []derivedPlace{}}
	for i := range r.Calls {
		c := &r.Calls[i]
		call := derivedCall{Arch: r.Arch.String(), Nr: c.Number, Name: c.Name, Origin: c.Origin.String(), Places: len(c.Places), Modules: c.Modules}
		call.Path = []derivedStep{}
		for _, set := range c.Sets {
			var args []derivedArg
			for _, a := range set {
				args = append(args, derivedArg(a))
			}
			call.Args = append(call.Args, args)
		}
		if len(c.Places) > 0 {
			call.derivedPlace = writtenPlace(&c.Places[0])
		}
		doc.Calls = append(doc.Calls, call)
	}
	for i := range r.Unknown {
		u := &r.Unknown[i]
		doc.Unknown = append(doc.Unknown, derivedUnknown{u.Kind, u.Message, writtenPlace(&u.Place)})
	}
	for i := range r.Children {
		doc.Children = append(doc.Children, writtenPlace(&r.Children[i]))
	}
	return doc
}

func writtenPlace(p *derive.Place) derivedPlace {
	w := derivedPlace{Function: p.Function, Package: p.Package, Module: p.Module, File: p.Position.File, Line: p.Position.Line, Column: p.Position.Column, Path: []derivedStep{}}
	for _, s := range p.Path {
		w.Path = append(w.Path, derivedStep{s.Function, s.Module, s.Position.File, s.Position.Line, s.Position.Column, s.Guess})
	}
	return w
}

// why writes the path to a call, a function a line.
func (d *derivation) why(name string) error {
	var b strings.Builder
	c := d.result.Call(name)
	switch {
	case c == nil:
		fmt.Fprintf(&b, "%s: no path leads to it\n", name)
	case c.Origin == derive.Runtime:
		fmt.Fprintf(&b, "%s: Go's runtime may make it\n", name)
	case c.Origin == derive.Kernel:
		fmt.Fprintf(&b, "%s: %s\n", name, kernelReason(name))
	default:
		fmt.Fprintf(&b, "%s: %s\n", name, counted(len(c.Places), "place"))
		b.WriteString(story(&c.Places[0], name))
		if n := len(c.Places) - 1; n > 0 {
			fmt.Fprintf(&b, "and %s:\n", counted(n, "other place"))
			for _, p := range c.Places[1:] {
				fmt.Fprintf(&b, "  %s  %v\n", p.Function, p.Position)
			}
		}
	}
	if err := writeDocument(d.cmd, []byte(b.String())); err != nil {
		return err
	}
	if c == nil && len(d.result.Unknown) == 0 {
		return &statusError{statusNo, nil}
	}
	return nil
}

// kernelReason says what makes a call that no source has.
func kernelReason(name string) string {
	switch name {
	case "execve":
		return "starts the program, once its filter is installed"
	case "restart_syscall":
		return "the kernel makes it, to go on with a call that a signal has interrupted"
	}
	return "the kernel needs it"
}

// callNames are the names of an ABI's calls.
func callNames(abi arch.Arch) (names []string) {
	for _, name := range abi.Calls() {
		names = append(names, name)
	}
	return names
}

// story is a path, a function a line: with the place of the call, and a mark where the
// function before need not call it.
func story(p *derive.Place, call string) string {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	guessed := false
	for i, s := range p.Path {
		arrow := "->"
		switch {
		case i == 0:
			arrow = ""
		case s.Guess:
			arrow, guessed = "?>", true
		}
		fmt.Fprintf(w, "  %2s %s\t%s\n", arrow, s.Function, s.Position)
	}
	fmt.Fprintf(w, "  -> %s\t%s\n", call, p.Position)
	w.Flush()
	if guessed {
		b.WriteString("  (?> is a guess: a method of an interface, or a function whose address is taken)\n")
	}
	return b.String()
}

// pathLine is a path in one line, for messages.
func pathLine(path []derive.Step) string {
	if len(path) == 0 {
		return ""
	}
	var names []string
	for _, s := range path {
		name := s.Function
		if s.Guess {
			name = "?" + name
		}
		names = append(names, name)
	}
	return ": " + strings.Join(names, " -> ")
}

// explain lists the calls: who in the program's own module is nearest, who makes them, in
// how many places.
func (d *derivation) explain() string {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "call\targuments\tfrom\tmade by\tplaces")
	for i := range d.result.Calls {
		c := &d.result.Calls[i]
		if len(c.Places) == 0 {
			fmt.Fprintf(w, "%s\t%s\t-\t%s\t0\n", c.Name, argumentSets(c.Sets), c.Origin)
			continue
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%d\n", c.Name, argumentSets(c.Sets), nearest(c.Places[0].Path, d.result.Module), c.Places[0].Package, len(c.Places))
	}
	w.Flush()
	return b.String()
}

// argumentSets are sets of arguments in one cell: "0=2 1=1, 0=10 1=1".
func argumentSets(sets [][]derive.Arg) string {
	if len(sets) == 0 {
		return "any"
	}
	var list []string
	for _, s := range sets[:min(len(sets), 6)] {
		var words []string
		for _, a := range s {
			words = append(words, fmt.Sprintf("%d=%#x", a.Index, a.Value))
		}
		list = append(list, strings.Join(words, " "))
	}
	if more := len(sets) - len(list); more > 0 {
		list = append(list, fmt.Sprintf("%d more", more))
	}
	return strings.Join(list, ", ")
}

// nearest is the last package of a module on a path.
func nearest(path []derive.Step, module string) string {
	for _, s := range slices.Backward(path) {
		if s.Module == module && s.Package != "" {
			return s.Package
		}
	}
	return "-"
}

// byModule lists the calls that each module needs.
func (d *derivation) byModule() string {
	needs := map[string][]string{}
	for i := range d.result.Calls {
		c := &d.result.Calls[i]
		for _, m := range c.Modules {
			needs[m] = append(needs[m], c.Name)
		}
	}
	var modules []string
	for m := range needs {
		modules = append(modules, m)
	}
	slices.Sort(modules)
	var b strings.Builder
	for _, m := range modules {
		fmt.Fprintf(&b, "%s: %s\n", m, strings.Join(needs[m], " "))
	}
	return b.String()
}
