// SPDX-License-Identifier: Apache-2.0

package grant

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/errnos"
	"github.com/gosieve/sieve/internal/resolution"
	"github.com/gosieve/sieve/internal/scmp"
	"github.com/gosieve/sieve/internal/userland"
	"github.com/gosieve/sieve/internal/wording"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/seccomp"
)

// Change is something to change in a document, or in the target, so that a call is
// allowed.
//
// A Change is an offer: nothing is written. Several of a list are alternatives, each of
// which is enough.
type Change struct {
	Kind Kind
	// Text says for people what to do: "add a rule for mount".
	Text string
	// JSON is what belongs at Place: a rule, or the value to add to a list. It
	// is empty where something is removed and for a kernel. Several values are
	// on a line each, in the order in which Text has them. Of a document that is
	// not JSON it is what the document's own language has: a line of a policy.
	JSON string
	// Rules are the rules in JSON as data, of a document of Docker's family.
	Rules []profile.Rule
	// Conditional says that what belongs at Place has conditions on arguments, so that
	// what it does to a call depends on those. A log that has no arguments says nothing
	// for or against such a change.
	Conditional bool
	// Place is where the document says it, or would. The path of a rule that is
	// new is that of the first free index.
	Place profile.Place
}

// Kind names a kind of change. Kinds do not change.
type Kind string

// The kinds of changes.
const (
	AnswerENOSYS    Kind = "answer-enosys"    // a rule after which programs make an older call instead
	AddRule         Kind = "add-rule"         // a rule that allows the call
	WidenCondition  Kind = "widen-condition"  // a rule that would allow it looks at arguments
	RemoveName      Kind = "remove-name"      // a rule that denies it names it
	AllowInstead    Kind = "allow-instead"    // a rule that denies it, and would allow
	GrantCapability Kind = "grant-capability" // a rule waits for capabilities
	DropCapability  Kind = "drop-capability"  // a rule is there without a capability alone
	OtherKernel     Kind = "other-kernel"     // a rule waits for a kernel
	AddArchitecture Kind = "add-architecture" // the document does not list the call's ABI
)

// Changes are the smallest changes that make the document allow the call on the target. Each
// is complete by itself. The one that allows least beside the call comes first, then wider
// ones. Each was checked: the changed document was resolved with the same options, and the
// call is allowed under it.
//
// A call may go round the rules for another, since its arguments lie in memory; the text then
// says so. If programs can do without such a call (clone3, where rules look at the flags of
// clone), it is not offered. For a call that programs make before an older one, and that gets
// another answer than ENOSYS, the first change gives it that answer (AnswerENOSYS).
//
// There are none for a call that is allowed already (or logged and allowed), and where none is
// known: for a number without a name, and an ABI that no document can list.
//
// A rule with conditions is narrower than one without, and looks at those
// arguments that rules of the document look at for this call. A capability is
// wider than a rule for the call: other rules wait for it too. Equal arguments
// give equal changes. At most 32 changes are tried, those of the first rules that
// name the call. The error is that of Resolve.
//
//	mount without CAP_SYS_ADMIN under Docker's default profile:
//	add a rule for mount
func Changes(p *profile.Profile, t profile.Target, c seccomp.Call, opts ...profile.Option) ([]Change, error) {
	f := changeFinder{p: p, target: t, call: c, opts: opts}
	found, err := f.resolve(p, t)
	if err != nil {
		return nil, err
	}
	decision := found.Policy.Explain(&c)
	abi, ok := arch.Of(c.Audit, c.Nr)
	if decision.Action.Runs() || !ok {
		return nil, nil
	}
	f.abi, f.Resolution = abi, found
	if decision.By == seccomp.ByBadArch {
		f.architecture()
	} else {
		f.rules()
	}
	return f.sorted(), nil
}

// changeFinder looks for changes.
type changeFinder struct {
	*resolution.Resolution // of the document as it is
	p                      *profile.Profile
	target                 profile.Target
	call                   seccomp.Call
	opts                   []profile.Option
	abi                    arch.Arch
	names                  []string // of the call on the ABI
	tried                  []Change
	steps                  int // of looking for calls that go round rules
	found                  []ranked
}

// ranked is a change and how much else it allows: by its kind first, and then by
// how many names or values it is about.
//
// Breadth is compared within a class alone: names and bits are not the same measure.
type ranked struct {
	Change
	class, breadth int
}

// The classes of changes, from the narrowest.
const (
	classAnswer       = iota // nothing
	classValue               // the call with these arguments
	classMask                // with arguments that agree with these on some bits
	classWiden               // with more arguments
	classCall                // with any
	classDeny                // a rule less that denies
	classTarget              // whatever waits for a capability or kernel
	classArchitecture        // an ABI
)

// mostTries is how many changes are tried: each resolves the document anew.
//
// A document like Docker's takes a few milliseconds to resolve.
const mostTries = 32

// mostSteps is how many conditions are tried for all changes, to see whether they go round the
// rules for other calls. It takes less than a second.
const mostSteps = 1 << 24

// resolve is what a document means for a target. Without a policy it is an error.
//
// found is there with an error too, as the observer is called in any case.
func (f *changeFinder) resolve(p *profile.Profile, t profile.Target) (found *resolution.Resolution, err error) {
	keep := resolution.Observer(func(r *resolution.Resolution) { found = r })
	_, _, err = p.Resolve(t, append(slices.Clip(f.opts), keep)...)
	return found, err
}

// try keeps a change if the call is allowed after it.
//
// A candidate that the resolver refuses, as it overlaps another rule, is no change. One
// that was tried already, by its kind and text, is not tried again and does not count.
func (f *changeFinder) try(class, breadth int, p *profile.Profile, t profile.Target, c Change) bool {
	if f.full() || f.known(&c) {
		return false
	}
	f.tried = append(f.tried, c)
	changed, err := f.resolve(p, t)
	if err != nil {
		return false
	}
	besides, ok := f.helps(class, changed.Policy)
	if !ok {
		return false
	}
	c.Text += besides
	f.found = append(f.found, ranked{c, class, breadth})
	return true
}

// full says whether no more changes are tried. Whoever makes changes of many rules asks it
// before: making one takes as long as the document has rules.
func (f *changeFinder) full() bool { return len(f.tried) == mostTries }

// known says whether a change was tried.
func (f *changeFinder) known(c *Change) bool {
	return slices.ContainsFunc(f.tried, func(tried Change) bool { return tried.Kind == c.Kind && tried.Text == c.Text })
}

// helps says whether a policy allows the call; of classAnswer, whether programs make the
// older call. A call that goes round the rules for others is not allowed if programs do
// without it, and else besides says so.
//
// Allowing clone3 goes round rules for the flags of clone, and programs do without
// clone3, so that is no change. sched_setattr goes round those of
// sched_setscheduler, and no program is known to do without it: there the text warns.
func (f *changeFinder) helps(class int, policy *seccomp.Policy) (besides string, ok bool) {
	answer := policy.Evaluate(&f.call)
	if class == classAnswer {
		return "", answer == errnos.ENOSYS(f.abi)
	}
	if !answer.Runs() {
		return "", false
	}
	var round []string
	detours, whole := userland.Detours(policy, f.abi, f.target.Kernel, func(steps int) bool {
		f.steps += steps
		return f.steps <= mostSteps
	})
	for _, d := range detours {
		if d.Unseen() && f.isName(d.To.Call) {
			round = wording.AppendOnce(round, d.From.Call)
		}
	}
	if round == nil && whole {
		return "", true
	}
	probed := slices.ContainsFunc(userland.Probes, func(t userland.Probe) bool { return f.isName(t.Call) })
	if round == nil {
		return "; whether it goes round rules for other calls would take long to find out", !probed
	}
	return "; it goes round the rules for " + strings.Join(round, ", "), !probed
}

// sorted is the changes that were found, the narrowest first: by kind of change, and within a
// kind by how much else it would allow. Equals stay in the order in which they were found.
func (f *changeFinder) sorted() []Change {
	slices.SortStableFunc(f.found, func(a, b ranked) int {
		return cmp.Or(cmp.Compare(a.class, b.class), cmp.Compare(a.breadth, b.breadth))
	})
	var list []Change
	for _, r := range f.found {
		list = append(list, r.Change)
	}
	return list
}

// rules looks for changes of a call whose ABI the document lists.
//
// The order is that in which the bound of tries is spent: first what is nearly always an
// answer. A number may have several names on an ABI, and a rule may use any of them.
func (f *changeFinder) rules() {
	for nr, name := range f.abi.Calls() {
		if nr == f.call.Nr {
			f.names = append(f.names, name)
		}
	}
	if f.names == nil {
		return
	}
	f.answer()
	f.add()
	f.addInner()
	for i := range f.p.Syscalls {
		if !f.full() && f.about(i) {
			f.waiting(i)
			f.denying(i)
		}
	}
	f.denyingAll()
	for i := range f.p.Syscalls { // last: a document may have very many
		if !f.full() && f.about(i) {
			f.addMasked(i)
			f.widen(i)
		}
	}
}

// about reports whether a rule names the call, and can apply to the target's
// machine.
//
// Docker and Podman have different words for some machines, and a word that neither has
// matches no filter.
func (f *changeFinder) about(i int) bool {
	doc := &f.p.Syscalls[i]
	machine := scmp.DockerMachine(f.target.Arch)
	if f.p.Dialect == profile.Podman {
		machine = scmp.Machine(f.target.Arch)
	}
	if machine == "" {
		machine = "\x00" // no filter can mention it
	}
	if x := doc.Includes; x != nil && len(x.Arches) > 0 && !slices.Contains(x.Arches, machine) {
		return false
	}
	if x := doc.Excludes; x != nil && slices.Contains(x.Arches, machine) {
		return false
	}
	return slices.ContainsFunc(doc.Names, f.isName)
}

func (f *changeFinder) isName(name string) bool { return slices.Contains(f.names, name) }

// resolved is whether a rule applies to the target and the action that it gives.
func (f *changeFinder) resolved(i int) (applies bool, action seccomp.Action) {
	doc := &f.p.Syscalls[i]
	return applied(f.Resolution, i), scmp.ActionWith(doc.Action, doc.ErrnoRet)
}

// applied says whether a rule that names a call applies to the target.
//
// Parts are in the order of the document's rules, which the search needs.
func applied(r *resolution.Resolution, doc int) bool {
	_, found := slices.BinarySearchFunc(r.Parts, doc, func(part resolution.Part, doc int) int { return cmp.Compare(part.Doc, doc) })
	return found
}

// with is the document with other rules.
//
// The copy shares the rest with the document. Nothing here writes to what is shared.
func (f *changeFinder) with(rules []profile.Rule) *profile.Profile {
	p := *f.p
	p.Syscalls = rules
	return &p
}

// without is the document with one rule in the place of another, or with none if
// it names no call.
func (f *changeFinder) without(i int, rule profile.Rule) *profile.Profile {
	rules := slices.Clone(f.p.Syscalls)
	rules[i] = rule
	if len(rule.Names) == 0 {
		rules = slices.Delete(rules, i, i+1)
	}
	return f.with(rules)
}

// place is where the document has the part that a path names.
func (f *changeFinder) place(path string) profile.Place { return profile.Place(f.Place(path, path)) }

// writing is the change with rules as what belongs at its place, a line each.
func (c Change) writing(rules ...profile.Rule) Change {
	lines := make([]string, len(rules))
	for i := range rules {
		lines[i] = valueJSON(rules[i])
		c.Conditional = c.Conditional || len(rules[i].Args) > 0
	}
	c.Rules, c.JSON = rules, strings.Join(lines, "\n")
	return c
}

// valueJSON is a value as documents have it, in one line.
func valueJSON(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		panic("profile: a rule cannot be written as JSON: " + err.Error())
	}
	return string(text)
}

// architecture looks for changes of a call whose ABI is not listed: to list it
// and, if that is not enough, the narrowest change of the document that lists it.
//
// An ABI that is listed gets the document's rules by name, which is often enough. If it is
// not, a rule for the call comes with it: two steps that are one change.
func (f *changeFinder) architecture() {
	token := f.abi.Token()
	if token == "" {
		return
	}
	p := *f.p
	c := Change{Kind: AddArchitecture, JSON: valueJSON(token)}
	if len(p.ArchMap) == 0 {
		p.Architectures = append(slices.Clone(p.Architectures), token)
		c.Place = profile.Place(f.Place("architectures", fmt.Sprintf("architectures[%d]", len(f.p.Architectures))))
	} else if !f.archMap(&p, &c, token) {
		return
	}
	c.Text = "add " + token + " to " + listOf(c.Place.Path)
	if f.try(classArchitecture, 0, &p, f.target, c) {
		return
	}
	next := changeFinder{p: &p, target: f.target, call: f.call, opts: f.opts, abi: f.abi}
	if next.Resolution, _ = next.resolve(&p, f.target); next.Policy == nil {
		return
	}
	next.rules()
	for _, second := range next.sorted() {
		if second.Kind == AddRule {
			c.Text += ", and " + second.Text
			c.JSON += "\n" + second.JSON
			c.Rules, c.Conditional = second.Rules, second.Conditional
			f.found = append(f.found, ranked{Change: c})
			return
		}
	}
}

// archMap adds a token to what the target runs.
func (f *changeFinder) archMap(p *profile.Profile, c *Change, token string) bool {
	p.ArchMap = slices.Clone(p.ArchMap)
	for i := range p.ArchMap {
		m := &p.ArchMap[i]
		if a, _ := scmp.Arch(m.Architecture); a == f.target.Arch {
			c.Place = profile.Place(f.Place(fmt.Sprintf("archMap[%d]", i), fmt.Sprintf("archMap[%d].subArchitectures[%d]", i, len(m.SubArchitectures))))
			m.SubArchitectures = append(slices.Clone(m.SubArchitectures), token)
			return true
		}
	}
	native := f.target.Arch.Token()
	if native == "" {
		return false
	}
	c.Place = profile.Place(f.Place("archMap", fmt.Sprintf("archMap[%d]", len(p.ArchMap))))
	added := profile.ArchMap{Architecture: native, SubArchitectures: []string{token}}
	c.JSON = valueJSON(added)
	p.ArchMap = append(p.ArchMap, added)
	return true
}

// listOf is the path of the list that an item's path is in.
func listOf(path string) string {
	for i := len(path) - 1; i > 0; i-- {
		if path[i] == '[' {
			return path[:i]
		}
	}
	return path
}
