// SPDX-License-Identifier: Apache-2.0

package systemd

import (
	"slices"
	"strings"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/callset"
	"github.com/gosieve/sieve/internal/document"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/profile/grant"
	"github.com/gosieve/sieve/seccomp"
)

// changes returns lines after each of which the call is allowed, which has been checked by
// resolving and evaluating the profile with them: see grant.Changes. JSON of a change is the
// line, and Place where it belongs: behind the last SystemCallFilter=, or the last
// SystemCallArchitectures=.
//
//	SystemCallFilter=reboot           in a list that allows and one that denies alike
//	SystemCallArchitectures=x86       a call through x86 on a kernel for x86-64
//
// A call through a foreign ABI needs its ABI first, and perhaps a rule of its own beside it.
// A number without a name cannot be written, and has no changes.
func (p *Profile) changes(t profile.Target, c seccomp.Call, opts ...profile.Option) ([]grant.Change, error) {
	decision, err := document.Explain(p, t, &c, opts)
	if err != nil {
		return nil, err
	}
	abi, ok := arch.Of(c.Audit, c.Nr)
	if decision.Action.Runs() || !ok {
		return nil, nil
	}
	var list []grant.Change
	name, named := abi.Name(c.Nr)
	try := func(kind grant.Kind, text string, more ...setting) {
		if change, ok := p.with(t, c, more, opts); ok {
			change.Kind, change.Text = kind, text
			list = append(list, change)
		}
	}
	architecture := func() setting { return setting{name: archName, words: []word{{text: archWord(abi)}}} }
	allow := func(name string) setting { return setting{name: filterName, words: []word{{text: name}}} }
	switch {
	case decision.By == seccomp.ByBadArch && archWord(abi) != "":
		if try(grant.AddArchitecture, "let "+abi.String()+" in", architecture()); list == nil && named {
			try(grant.AddArchitecture, "let "+abi.String()+" in, and allow "+name, architecture(), allow(name))
		}
	case decision.By == seccomp.ByBadArch || !named:
	default:
		if inner, ok := innerCall(abi, name, c); ok {
			try(grant.AddRule, "allow "+inner, allow(inner))
		}
		try(grant.AddRule, "allow "+name, allow(name))
	}
	return list, nil
}

// innerCall returns the call that a multiplexer was asked to make, by its first argument.
func innerCall(abi arch.Arch, mux string, c seccomp.Call) (string, bool) {
	if mux != "socketcall" && mux != "ipc" {
		return "", false
	}
	for _, name := range callset.Known() {
		if m, n, ok := abi.Multiplexer(name); ok && m == mux && c.Args[0]&muxMask(mux) == uint64(n) {
			return name, true
		}
	}
	return "", false
}

// with returns the change that adds settings, if the call runs then. The settings go behind
// the last of their name, since the order of values counts.
func (p *Profile) with(t profile.Target, c seccomp.Call, more []setting, opts []profile.Option) (grant.Change, bool) {
	last := p.behind(more[0].name)
	q := *p
	q.settings = slices.Insert(slices.Clone(p.settings), last+1, more...)
	if !document.Runs(&q, t, &c, opts) {
		return grant.Change{}, false
	}
	var lines []string
	for _, s := range more {
		line := s.name + "=" + s.words[0].text
		if p.bareList {
			line = s.words[0].text
		}
		lines = append(lines, line)
	}
	change := grant.Change{JSON: strings.Join(lines, "\n")}
	if p.text != nil {
		change.Place = p.text.Place(p.settings[last].end, "")
	}
	return change, true
}

// behind is the setting behind which another of a name belongs: the last of that
// name, or the last of all.
func (p *Profile) behind(name string) int {
	last := len(p.settings) - 1
	for i := range p.settings {
		if p.settings[i].name == name {
			last = i
		}
	}
	return last
}
