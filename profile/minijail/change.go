// SPDX-License-Identifier: Apache-2.0

package minijail

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gosieve/sieve/internal/document"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/profile/grant"
	"github.com/gosieve/sieve/seccomp"
)

// changes returns changes to lines of the policy, the narrowest first. After each of them the
// call is allowed, which has been checked by resolving and evaluating the changed policy: see
// grant.Changes. JSON of a change is the new line. At a Place with a line it replaces the one
// there; without one it is added at the end. It is empty for a line that goes.
func (p *Profile) changes(t profile.Target, c seccomp.Call, opts ...profile.Option) ([]grant.Change, error) {
	decision, err := document.Explain(p, t, &c, opts)
	if err != nil {
		return nil, err
	}
	if decision.Action.Runs() || decision.By == seccomp.ByBadArch {
		return nil, nil
	}
	f := changeFinder{p: p, target: t, call: c, opts: opts, name: fmt.Sprint(c.Nr)}
	if name, ok := t.Arch.Name(c.Nr); ok {
		f.name = name
	} else if p.compiler {
		return nil, nil // which takes no numbers
	}
	f.find()
	return f.found, nil
}

// changeFinder looks for changes that let one call run on one target.
type changeFinder struct {
	p      *Profile
	target profile.Target
	call   seccomp.Call
	opts   []profile.Option
	name   string
	found  []grant.Change
}

// find tries changes from the narrowest to the widest: to allow these argument values, to
// widen a condition, and to allow the call whatever its arguments. A call without a line
// gets one. A second line for a call is only for the compiler, see resolver.calls.
func (f *changeFinder) find() {
	var lines []int
	for i := range f.p.lines {
		if slices.ContainsFunc(f.p.lines[i].calls, f.is) {
			lines = append(lines, i)
		}
	}
	if lines == nil {
		f.add(f.name+": 1", false)
		return
	}
	if args := f.values(lines); args != "" && f.p.compiler {
		f.add(f.name+": "+args, true)
	}
	for _, i := range lines {
		f.widen(i)
	}
	for _, i := range lines {
		f.open(i)
	}
}

// is reports whether a call of a line is the one that is to run.
func (f *changeFinder) is(c call) bool {
	if len(c.arches) > 0 && !slices.Contains(c.arches, f.target.Arch) {
		return false
	}
	if c.byNumber {
		return c.number == f.call.Nr
	}
	nr, ok := f.target.Arch.Number(c.token.text)
	return ok && nr == f.call.Nr
}

// values returns conditions that hold for this call's arguments, "arg1 == 0x5401", for all
// arguments that the lines look at. It is empty if they look at none. Arguments that no line
// looks at are left out: they are often addresses, which differ from one run to the next.
func (f *changeFinder) values(lines []int) string {
	var looked [6]bool
	for _, i := range lines {
		for _, x := range f.p.lines[i].filters {
			for _, clause := range x.clauses {
				for _, a := range clause {
					looked[a.index] = true
				}
			}
		}
	}
	var list []string
	for i, v := range f.call.Args {
		if f.target.Arch.Bits() == 32 {
			v &= 1<<32 - 1
		}
		if looked[i] {
			list = append(list, fmt.Sprintf("arg%d == %#x", i, v))
		}
	}
	return strings.Join(list, " && ")
}

// add tries a line at the end. Its place has no line, so that whoever makes the change
// appends it.
func (f *changeFinder) add(line string, conditional bool) {
	f.try(len(f.p.lines), line, grant.Change{Kind: grant.AddRule, Text: "add a line", JSON: line, Conditional: conditional, Place: profile.Place{File: f.p.place(nil).File}})
}

// widen tries to add the call's own values as one more alternative in front of the errno:
//
//	ioctl: arg1 == 1; return EPERM  ->  ioctl: arg1 == 1 || arg1 == 0x5401; return EPERM
func (f *changeFinder) widen(i int) {
	l := &f.p.lines[i]
	args := f.values([]int{i})
	if args == "" || len(l.filters) != 1 || len(l.calls) != 1 || l.filters[0].action.plain != seccomp.Allow {
		return
	}
	before, after, has := strings.Cut(l.text, ";")
	line := before + " || " + args
	if has {
		line += ";" + after
	}
	f.try(i, line, grant.Change{Kind: grant.WidenCondition, Text: "let the line allow these arguments too", JSON: line, Conditional: true, Place: f.p.place(l)})
}

// open tries to let a line allow the call whatever its arguments are: in a deny list
// without the line, else with another in its place.
func (f *changeFinder) open(i int) {
	l := &f.p.lines[i]
	if len(l.calls) != 1 {
		f.part(i)
		return
	}
	change := grant.Change{Kind: grant.RemoveName, Text: "remove the line", Place: f.p.place(l)}
	if !f.p.denylist {
		change = grant.Change{Kind: grant.AllowInstead, Text: "let the line allow", JSON: f.name + ": 1", Place: f.p.place(l)}
	}
	f.try(i, change.JSON, change)
}

// part tries to take the call out of a line for several, and to give it one of its own:
//
//	{ read, ioctl }: return EPERM  ->  { read }: return EPERM
//	                                   ioctl: 1
//
// A line with conditions on machines ("[arch=arm]") is left alone: the text is put together
// from the names, and the conditions would be lost.
func (f *changeFinder) part(i int) {
	l := &f.p.lines[i]
	var left []string
	for _, c := range l.calls {
		if !f.is(c) {
			left = append(left, c.token.text)
		}
	}
	if len(left) == 0 || strings.Contains(l.text[:strings.IndexByte(l.text, '}')+1], "[") {
		return
	}
	lines := "{ " + strings.Join(left, ", ") + " }" + l.text[strings.IndexByte(l.text, '}')+1:]
	if !f.p.denylist {
		lines += "\n" + f.name + ": 1"
	}
	f.try(i, lines, grant.Change{Kind: grant.RemoveName, Text: "take " + f.name + " out of the line, and allow it", JSON: lines,
		Conditional: slices.ContainsFunc(l.filters, func(x filter) bool { return len(x.clauses) > 0 }), Place: f.p.place(l)})
}

// try keeps a change if the call runs once it is made. At is the index of the line that is
// replaced, or the number of lines for one that is added. The text is parsed as a policy of
// its own, so that a change which the reader refuses is never proposed.
func (f *changeFinder) try(at int, lines string, change grant.Change) {
	q, err := Parse([]byte(lines), reader{compiler: f.p.compiler, constants: f.p.names})
	if err != nil {
		return
	}
	p := *f.p
	p.Warnings = nil
	p.lines = append(slices.Clone(f.p.lines[:at]), q.lines...)
	if at < len(f.p.lines) {
		p.lines = append(p.lines, f.p.lines[at+1:]...)
	}
	if document.Runs(&p, f.target, &f.call, f.opts) {
		f.found = append(f.found, change)
	}
}

// place is where a line stands, or the document as such.
func (p *Profile) place(l *line) profile.Place {
	switch {
	case p.text == nil:
		return profile.Place{}
	case l == nil:
		return p.text.Place(-1, "")
	}
	return l.first.place()
}
