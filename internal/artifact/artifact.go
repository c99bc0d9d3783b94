// SPDX-License-Identifier: Apache-2.0

// Package artifact has the rules for profiles that come as OCI artifacts: what a node does
// not take from a registry, whatever the profile means. They are those that the Security
// Profiles Operator applies before it pushes a profile, and container runtimes after they
// have pulled one (Kubernetes' KEP-6061).
//
// Two reasons stand behind them. A listener and who answers its notifications belong to the
// node. And the work that a document makes must be in proportion to its size: a rule counts
// once for each of its names and, where an argument has several conditions, once for each
// condition, so that 440 kB can stand for ten million rules.
package artifact

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/gosieve/sieve/internal/resolution"
	"github.com/gosieve/sieve/internal/solve"
	"github.com/gosieve/sieve/internal/text"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/seccomp"
)

// Limits bound a document before it is resolved. They are the numbers of the merge library
// that runtimes use (sigs.k8s.io/security-profiles-merger, docs/api.md), and of the KEP.
type Limits struct {
	Size    int // bytes of the document
	Entries int // rules of the document that name one call
	Clauses int // rules that runc makes of them for one call
	Names   int // names of one rule
	All     int // rules that runc makes of the document
}

// Default is the limits that a node has unless its administrator sets others.
func Default() Limits {
	return Limits{Size: 1 << 20, Entries: 128, Clauses: 256, Names: 1024, All: 16384}
}

// checker looks at one profile.
type checker struct {
	p     *profile.Profile
	found []profile.Diagnostic
}

// Check says what a node does not take, sorted by place: the listener's settings and limits
// that are met. All of it is an error; Size is the business of whoever has the text.
func Check(p *profile.Profile, l Limits) []profile.Diagnostic {
	if p.Validate() != nil {
		return nil // Resolve says why
	}
	c := checker{p: p}
	c.limits(l) // first: what is beyond most is left out
	c.listener()
	c.locate()
	return c.found
}

// TooMany says whether a document stands for more rules than a node takes. Nothing more is to
// be found out about such a document: it would take long.
func TooMany(found []profile.Diagnostic) bool {
	return slices.ContainsFunc(found, func(d profile.Diagnostic) bool {
		return d.Code == "artifact-entries" || d.Code == "artifact-names" || d.Code == "artifact-rules"
	})
}

// TooLarge is the diagnostic for a document of more bytes than a runtime takes. It is a
// warning, as what a runtime takes is set there.
func TooLarge(file string, size int, l Limits) profile.Diagnostic {
	return profile.Diagnostic{Severity: profile.Warning, Code: "artifact-size", Place: profile.Place{File: file, Line: 1, Column: 1},
		Message: fmt.Sprintf("the document has %d bytes, and runtimes take at most %d of an artifact", size, l.Size)}
}

// most is how many findings are kept: a document could have one for each of its bytes.
const most = 100

func (c *checker) note(code profile.Code, path, fix, format string, args ...any) {
	if len(c.found) == most {
		return
	}
	c.found = append(c.found, profile.Diagnostic{Severity: profile.Failure, Code: code, Place: profile.Place{Path: path},
		Message: fmt.Sprintf(format, args...), Fix: fix})
}

// listener finds what belongs to the node's listener, and flags and ABIs that are listed twice,
// for which some runtimes refuse a profile.
func (c *checker) listener() {
	if c.p.ListenerPath != "" {
		c.note("artifact-listener", "listenerPath", "remove it", "an artifact names a listener, which is the node's")
	}
	if c.p.ListenerMetadata != "" {
		c.note("artifact-listener", "listenerMetadata", "remove it", "an artifact has words for a listener, which is the node's")
	}
	flags, arches := map[string]bool{}, map[string]bool{}
	for i, f := range c.p.Flags {
		path := fmt.Sprintf("flags[%d]", i)
		if one := (&profile.Profile{Flags: []string{f}}); one.InstallFlags(0)&seccomp.WaitKillable != 0 {
			c.note("artifact-listener", path, "remove it", "%s is about a listener, which is the node's", f)
		}
		if flags[f] {
			c.note("artifact-duplicate", path, "remove it", "the flag %s is there twice", f)
		}
		flags[f] = true
	}
	for i, a := range c.p.Architectures {
		if arches[a] {
			c.note("artifact-duplicate", fmt.Sprintf("architectures[%d]", i), "remove it", "the architecture %s is there twice", a)
		}
		arches[a] = true
	}
	if c.p.DefaultAction == notify {
		c.note("artifact-notify", "defaultAction", "", notifyText)
	}
	for i := range c.p.Syscalls {
		if c.p.Syscalls[i].Action == notify {
			c.note("artifact-notify", resolution.RulePath(i)+".action", "", notifyText)
		}
	}
}

const (
	notify     = "SCMP_ACT_NOTIFY"
	notifyText = "SCMP_ACT_NOTIFY asks a supervisor, which an artifact cannot bring along"
)

// limits counts rules as runc makes them. It says of each call once that it has too many.
func (c *checker) limits(l Limits) {
	entries, clauses, all := map[string]int{}, map[string]int{}, 0
	for i := range c.p.Syscalls {
		r := &c.p.Syscalls[i]
		path, n := resolution.RulePath(i), copies(r)
		if len(r.Names) > l.Names {
			c.note("artifact-names", path+".names", "", "the rule has %d names, and runtimes take at most %d of an artifact", len(r.Names), l.Names)
		}
		if before := all; before <= l.All {
			if all += n * len(r.Names); all > l.All {
				c.note("artifact-rules", path, "", "with this rule the document stands for more than %d rules, which runtimes do not take of an artifact", l.All)
			}
		}
		seen := map[string]bool{}
		for _, name := range r.Names {
			had := entries[name] > l.Entries || clauses[name] > l.Clauses
			if !seen[name] {
				entries[name]++
			}
			clauses[name] += n
			seen[name] = true
			if !had && (entries[name] > l.Entries || clauses[name] > l.Clauses) {
				c.note("artifact-entries", path, "", "%s has more than %d entries, or more than %d conditions that stand alone, which runtimes do not take of an artifact", text.Clip(name), l.Entries, l.Clauses)
			}
		}
	}
}

// copies is how many rules runc makes of one for each name: one for each condition where an
// argument has several.
func copies(r *profile.Rule) int {
	args := make([]seccomp.Arg, len(r.Args))
	for i, a := range r.Args {
		args[i].Index = int(a.Index)
	}
	if solve.Repeats(args) {
		return len(args)
	}
	return 1
}

// locate gives the findings the places of the document. Resolve for no target looks at
// nothing but the words, and tells its observer where things stand.
func (c *checker) locate() {
	if len(c.found) == 0 {
		return
	}
	var at *resolution.Resolution
	_, _, _ = c.p.Resolve(profile.Target{}, resolution.Observer(func(r *resolution.Resolution) { at = r }))
	for i := range c.found {
		d := &c.found[i]
		d.Place = profile.Place(at.Place(d.Place.Path, d.Place.Path))
	}
	slices.SortStableFunc(c.found, func(a, b profile.Diagnostic) int {
		return cmp.Or(cmp.Compare(a.Place.Line, b.Place.Line), cmp.Compare(a.Place.Column, b.Place.Column), cmp.Compare(a.Place.Path, b.Place.Path))
	})
}
