// SPDX-License-Identifier: Apache-2.0

package profile

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/resolution"
	"github.com/gosieve/sieve/internal/scmp"
	"github.com/gosieve/sieve/internal/text"
)

// applies says whether a rule is for the target: nothing of its excludes is met,
// and all of its includes are. As in Docker, an ABI is meant by the name of the
// machine, a capability by its name as it stands, and an empty list is no
// condition.
//
// Docker: includes must all hold, any hit of excludes drops the rule (setupSeccomp,
// moby/profiles/seccomp). A capability that is misspelt never matches, so in excludes it
// keeps the rule: noteFilter warns.
func (r *resolver) applies(i int) bool {
	doc := &r.p.Syscalls[i]
	if doc.Includes == nil && doc.Excludes == nil || r.included(i, doc) {
		return r.p.Dialect != Podman || r.surviving(i, doc)
	}
	if l := r.p.legacyOf(i); l != nil {
		r.note(Info, "podman-name", l.at, resolution.RulePath(i)+".name", "remove it",
			"the rule has both name and names, for which Docker refuses the document; Podman does not, as the rule does not apply")
	}
	return false
}

// included says whether a rule's includes and excludes are for the target.
func (r *resolver) included(i int, doc *Rule) bool {
	r.noteFilter(doc.Includes, doc, i, "includes")
	r.noteFilter(doc.Excludes, doc, i, "excludes")
	if x := doc.Excludes; x != nil {
		if slices.Contains(x.Arches, r.machine()) || slices.ContainsFunc(x.Caps, r.has) || r.atLeast(x.MinKernel) {
			return false
		}
	}
	x := doc.Includes
	if x == nil {
		return true
	}
	for _, c := range x.Caps {
		if !r.has(c) {
			return false
		}
	}
	return (len(x.Arches) == 0 || slices.Contains(x.Arches, r.machine())) &&
		(x.MinKernel == nil || r.p.Dialect == Podman || r.atLeast(x.MinKernel))
}

// has says whether the target has a capability. Names are compared as they stand:
// "cap_chown" is none.
func (r *resolver) has(capability string) bool { return slices.Contains(r.target.Caps, capability) }

// atLeast says whether excludes that ask for a kernel are met by it.
func (r *resolver) atLeast(k *arch.Kernel) bool {
	return k != nil && r.p.Dialect != Podman && r.target.Kernel >= *k
}

// machine is the target's name in filters; one that none can mention if it has
// no name there.
func (r *resolver) machine() string {
	if m := r.p.Dialect.machine(r.target.Arch); m != "" {
		return m
	}
	return "\x00"
}

// machine is an ABI's name in filters.
func (d Dialect) machine(a arch.Arch) string {
	if d == Podman {
		return scmp.Machine(a)
	}
	return scmp.DockerMachine(a)
}

// noteFilter says what can never match.
//
// A kernel that the document asks for and the target does not give is an error: taking 0
// for it would drop the rules that deny on new kernels.
func (r *resolver) noteFilter(f *Selector, doc *Rule, i int, key string) {
	if f == nil {
		return
	}
	if f.MinKernel != nil && r.p.Dialect == Podman {
		r.note(Warning, "podman-min-kernel", doc.at.rule, fmt.Sprintf("%s.%s.minKernel", resolution.RulePath(i), key), "remove it",
			"Podman does not look at minKernel: without it the rule would be the same")
	} else if f.MinKernel != nil && r.target.Kernel == 0 && r.err == nil {
		r.err = r.badTarget("%s.%s.minKernel asks for the target's kernel, which is not given", resolution.RulePath(i), key)
		r.diags = append(r.diags, r.err.Diagnostic)
	}
	for j, c := range f.Caps {
		if !slices.Contains(capNames, c) {
			r.never("unknown-capability", "capability", c, capNames, r.p.source.item(f.caps, j),
				fmt.Sprintf("%s.%s.caps[%d]", resolution.RulePath(i), key, j))
		}
	}
	for j, a := range f.Arches {
		if !r.p.Dialect.isMachine(a) {
			r.never("unknown-filter-arch", "architecture", a, r.p.Dialect.machines(), r.p.source.item(f.arches, j),
				fmt.Sprintf("%s.%s.arches[%d]", resolution.RulePath(i), key, j))
		}
	}
}

// never warns of a word that meets no target, with the nearest word that does as the
// edit.
func (r *resolver) never(code Code, what, got string, known []string, at mark, path string) {
	if r.full() && !r.Strict {
		r.dropped++
		return
	}
	message := fmt.Sprintf("unknown %s %q, which never matches", what, text.Clip(got))
	if near := meant(got, known); near != "" {
		message += fmt.Sprintf("; did you mean %q?", near)
		r.mend(replacing(path, strconv.Quote(near)))
	}
	r.note(Warning, code, at, path, "", "%s", message)
}

// isMachine says whether a filter can mention a machine by the name.
func (d Dialect) isMachine(name string) bool {
	for a := arch.X86_64; a.Valid(); a++ {
		if name != "" && d.machine(a) == name {
			return true
		}
	}
	return false
}

// machines are those that filters can name.
func (d Dialect) machines() []string {
	var list []string
	for _, a := range arch.All() {
		if m := d.machine(a); m != "" {
			list = append(list, m)
		}
	}
	return list
}
