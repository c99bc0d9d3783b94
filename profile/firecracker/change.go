// SPDX-License-Identifier: Apache-2.0

package firecracker

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/gosieve/sieve/internal/document"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/profile/grant"
	"github.com/gosieve/sieve/seccomp"
)

// changes returns changes to the filter of the profile's thread, the narrowest first. After
// each of them the call is allowed, which has been checked by resolving and evaluating the
// changed profile: see grant.Changes. There are none for a number without a name, which the
// dialect cannot say, and none for foreign ABIs, which no rule is for.
func (p *Profile) changes(t profile.Target, c seccomp.Call, opts ...profile.Option) ([]grant.Change, error) {
	decision, err := document.Explain(p, t, &c, opts)
	if err != nil {
		return nil, err
	}
	name, ok := t.Arch.Name(c.Nr)
	if decision.Action.Runs() || decision.By == seccomp.ByBadArch || !ok {
		return nil, nil
	}
	f := changeFinder{p: p, target: t, call: c, opts: opts, at: slices.IndexFunc(p.filters, func(f threadFilter) bool {
		return p.Thread == "" || f.Thread == p.Thread
	})}
	filter := &p.filters[f.at]
	if filter.Match.Runs() {
		f.add(filter, name)
	} else {
		f.remove(filter)
	}
	return f.found, nil
}

// changeFinder looks for changes to one filter that let one call run.
type changeFinder struct {
	p      *Profile
	at     int // of the filter
	target profile.Target
	call   seccomp.Call
	opts   []profile.Option
	found  []grant.Change
}

// try keeps a change if the call runs under the profile with those rules in place of the
// filter's own.
func (f *changeFinder) try(rules []callRule, c grant.Change) {
	p := *f.p
	p.filters = slices.Clone(p.filters)
	p.filters[f.at].Rules = rules
	if document.Runs(&p, f.target, &f.call, f.opts) {
		f.found = append(f.found, c)
	}
}

// add tries a rule that allows the call, in a filter whose rules allow: with the values of
// all arguments that its other rules look at, or without conditions if there are none. A
// rule without conditions beside such rules would have no effect, see resolver.rules.
func (f *changeFinder) add(filter *threadFilter, name string) {
	end := fmt.Sprintf("%s[%d]", strings.TrimSuffix(rulePath(filter, 0), "[0]"), len(filter.Rules))
	rule := callRule{Syscall: name, Args: f.looked(filter, name)}
	place := profile.Place{File: f.p.file(), Path: end}
	if len(rule.Args) > 0 {
		f.try(append(slices.Clip(filter.Rules), rule), grant.Change{Kind: grant.AddRule,
			Text: "add a rule for " + name + " with these arguments", JSON: rule.json(), Conditional: true, Place: place})
		return
	}
	f.try(append(slices.Clip(filter.Rules), rule), grant.Change{Kind: grant.AddRule, Text: "add a rule for " + name, JSON: rule.json(), Place: place})
}

// looked returns conditions that this call's arguments meet, one for each argument that a
// rule for the call looks at. A dword condition gets the low 32 bits, since it compares no
// more: a val with an upper half would only bring a warning (dword).
func (f *changeFinder) looked(filter *threadFilter, name string) []argCondition {
	var list []argCondition
	for _, r := range filter.Rules {
		for _, c := range r.Args {
			if r.Syscall == name && !slices.ContainsFunc(list, func(o argCondition) bool { return o.Index == c.Index }) {
				v := f.call.Args[c.Index]
				if c.Dword {
					v &= 1<<32 - 1
				}
				list = append(list, argCondition{Index: c.Index, Dword: c.Dword, Op: seccomp.EQ, Value: v})
			}
		}
	}
	return list
}

// remove tries to remove rules, in a filter whose rules deny: each that is for the call, and
// then all of them at once if no single one is enough.
func (f *changeFinder) remove(filter *threadFilter) {
	var matching []int
	for i := range filter.Rules {
		if nr, ok := f.target.Arch.Number(filter.Rules[i].Syscall); ok && nr == f.call.Nr {
			matching = append(matching, i)
		}
	}
	for _, i := range matching {
		f.without(filter, i)
	}
	if len(f.found) == 0 && len(matching) > 1 {
		f.without(filter, matching...)
	}
}

// without tries to remove the rules with these indexes.
func (f *changeFinder) without(filter *threadFilter, which ...int) {
	var rules []callRule
	var paths []string
	for i := range filter.Rules {
		if slices.Contains(which, i) {
			paths = append(paths, rulePath(filter, i))
		} else {
			rules = append(rules, filter.Rules[i])
		}
	}
	first := &filter.Rules[which[0]]
	f.try(rules, grant.Change{Kind: grant.RemoveName, Text: "remove " + strings.Join(paths, ", "), Place: f.p.place(first.at, paths[0])})
}

// file is the document's name.
func (p *Profile) file() string { return p.place(-1, "").File }

// place is where a part of the document stands; the path alone for a profile that a program
// made.
func (p *Profile) place(at int, path string) profile.Place {
	if p.text == nil || p.text.Text == "" {
		return profile.Place{Path: path}
	}
	return p.text.Place(at, path)
}

// json is the rule as a document has it.
func (r *callRule) json() string {
	out := jsonRule{Syscall: r.Syscall}
	for i := range r.Args {
		c := &r.Args[i]
		out.Args = append(out.Args, jsonCond{Index: c.Index, Type: c.typeWord(), Op: c.opWord(), Value: c.Value})
	}
	text, err := json.Marshal(out)
	if err != nil {
		panic("firecracker: a rule that is no JSON: " + err.Error())
	}
	return string(text)
}
