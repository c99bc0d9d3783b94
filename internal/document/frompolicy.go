// SPDX-License-Identifier: Apache-2.0

package document

import (
	"fmt"
	"slices"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/errnos"
	"github.com/gosieve/sieve/internal/scmp"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/proof"
)

// FromPolicy makes a docker profile that means what a policy does, for the first
// of the policy's ABIs as the host. It is meant for policies that were decompiled
// (proof.Decompile), whose rules seldom need an order. The option is the ENOSYS
// mode with which the profile resolves to the same meaning, which is proved.
//
// The error is an *UnsayableError for a policy with decisions that the dialect has no
// words for: numbers without a name, another action for foreign ABIs than
// KILL_THREAD, the instruction pointer, different decisions on one name or
// different defaults per ABI, scattered values of an argument.
func FromPolicy(p *seccomp.Policy) (*profile.Profile, profile.Option, error) {
	if err := p.Validate(); err != nil {
		return nil, nil, err
	}
	if len(p.Arches) == 0 {
		return nil, nil, &profile.UnsayableError{Dialect: profile.Docker, Reasons: []string{"a policy for no ABI"}}
	}
	f := fromPolicy{policy: p, profile: &profile.Profile{}}
	f.begin()
	for _, a := range p.Arches {
		f.abi(a)
	}
	f.rules()
	if len(f.reasons) > 0 {
		return nil, nil, &profile.UnsayableError{Dialect: profile.Docker, Reasons: f.reasons}
	}
	return f.prove()
}

// fromPolicy makes a profile: first what is decided on each name (abi, merge), then rules
// for all names that are decided alike (rules).
type fromPolicy struct {
	policy  *seccomp.Policy
	profile *profile.Profile
	def     seccomp.Action
	enosys  bool // some ABI answers ENOSYS above its highest name
	calls   []named
	highest []string // names that only say where ENOSYS begins
	reasons []string
}

// named is what is decided on a name, as the rules of a document.
type named struct {
	name  string
	abi   arch.Arch // one of those that have it
	rules []said
}

// said is a rule of a document without its names. Rules for one call in a document have no
// order, so these never overlap.
type said struct {
	action seccomp.Action
	args   []profile.Arg
}

// cannot adds a reason, once.
func (f *fromPolicy) cannot(format string, args ...any) {
	if reason := fmt.Sprintf(format, args...); len(f.reasons) < 20 && !slices.Contains(f.reasons, reason) {
		f.reasons = append(f.reasons, reason)
	}
}

// begin sets what holds for the whole document: its default and its ABIs. The default is
// what the largest number gets on the first ABI, which no call has.
func (f *fromPolicy) begin() {
	if f.policy.BadArch != seccomp.KillThread {
		f.cannot("%v for foreign ABIs, want KILL_THREAD", f.policy.BadArch)
	}
	f.def = f.unnamed(Machine(f.policy), ^uint32(0))
	f.profile.DefaultAction, f.profile.DefaultErrnoRet = f.word(f.def)
	for _, a := range f.policy.Arches {
		token := a.Token()
		if token == "" {
			f.cannot("%v has no name in documents", a)
		}
		f.profile.Architectures = append(f.profile.Architectures, token)
	}
}

// word returns an action as documents write it: its name, and its number unless that is the
// one which a reader takes when there is none. SCMP_ACT_KILL, the older name of
// SCMP_ACT_KILL_THREAD, is not written.
func (f *fromPolicy) word(a seccomp.Action) (name string, number *uint32) {
	for _, name := range scmp.Actions {
		if scmp.ActionWith(name, nil).Kind() != a.Kind() || name == "SCMP_ACT_KILL" {
			continue
		}
		n := uint32(a.Data())
		switch {
		case scmp.ActionWith(name, &n) == a && scmp.ActionWith(name, nil) != scmp.ActionWith(name, &n):
			return name, &n
		case scmp.ActionWith(name, nil) == a:
			return name, nil
		}
	}
	f.cannot("action %v", a)
	return "", nil
}

// unnamed returns the action for a number without a name. Documents have rules by name only,
// so such a number can have the default alone, or ENOSYS above all names.
func (f *fromPolicy) unnamed(a arch.Arch, nr uint32) seccomp.Action {
	rules := Matching(f.policy, a, nr)
	if len(rules) == 0 {
		return f.policy.Default
	}
	if len(rules[0].Args) > 0 {
		f.cannot("conditions on %v's call %d, which has no name", a, nr)
	}
	return rules[0].Action
}

// abi collects what is decided on the names of an ABI. Where ENOSYS is the answer
// above all calls, a document need not say it of the last ones: it must name the last
// that has another.
func (f *fromPolicy) abi(a arch.Arch) {
	plain := errnos.ENOSYS(a)
	var own []named
	top, last := -1, uint32(0)
	for nr, name := range a.Calls() {
		last = nr
		n := named{name: name, abi: a, rules: f.say(a, nr, name)}
		if len(n.rules) != 1 || len(n.rules[0].args) > 0 || n.rules[0].action != plain {
			top = len(own)
		}
		own = append(own, n)
	}
	above := last != ^uint32(0) && plain != f.def && f.unnamed(a, last+1) == plain
	f.enosys = f.enosys || above
	if !above {
		top = len(own) - 1
	} else if top >= 0 && len(own[top].rules) == 0 && !slices.Contains(f.highest, own[top].name) {
		f.highest = append(f.highest, own[top].name)
	}
	for _, n := range own[:top+1] {
		f.merge(n)
	}
}

// merge adds what is decided on a name of one more ABI. A document has no rules for one ABI,
// so it must be the same on all. Of an ABI of 32 bits and one of 64 the latter's rules are
// kept: they say what is asked of the upper half.
func (f *fromPolicy) merge(n named) {
	i := slices.IndexFunc(f.calls, func(other named) bool { return other.name == n.name })
	if i < 0 {
		f.calls = append(f.calls, n)
		return
	}
	other := &f.calls[i]
	switch {
	case fmt.Sprint(other.rules) == fmt.Sprint(n.rules):
	case other.abi.Bits() >= n.abi.Bits() && f.alike(n.abi, n.name, other.rules, n.rules): // either will do
	case other.abi.Bits() < n.abi.Bits() && f.alike(other.abi, n.name, other.rules, n.rules):
		*other = n
	default:
		f.cannot("%s is decided otherwise on %v than on %v", n.name, n.abi, other.abi)
	}
}

// rules makes the document's rules, in the order in which calls first need them, so that
// equal policies give equal documents.
func (f *fromPolicy) rules() {
	index := map[string]int{}
	for _, c := range f.calls {
		for _, s := range c.rules {
			key := fmt.Sprint(s)
			i, ok := index[key]
			if !ok {
				i = len(f.profile.Syscalls)
				index[key] = i
				r := profile.Rule{Args: s.args}
				r.Action, r.ErrnoRet = f.word(s.action)
				f.profile.Syscalls = append(f.profile.Syscalls, r)
			}
			f.profile.Syscalls[i].Names = append(f.profile.Syscalls[i].Names, c.name)
		}
	}
	if f.highest != nil {
		r := profile.Rule{Names: f.highest, Comment: "as by default; calls above the highest that is named get ENOSYS"}
		r.Action, r.ErrnoRet = f.word(f.def)
		f.profile.Syscalls = append(f.profile.Syscalls, r)
	}
}

// prove resolves the profile and compares it with the policy for every call. A mistake in
// the steps before it is an error here, and never a wrong document.
func (f *fromPolicy) prove() (*profile.Profile, profile.Option, error) {
	mode := profile.ENOSYSOff
	if f.enosys {
		mode = profile.ENOSYSRunc
	}
	q, _, err := f.profile.Resolve(profile.Target{Arch: Machine(f.policy), Kernel: arch.Newest}, mode)
	if err != nil {
		return nil, nil, &profile.UnsayableError{Dialect: profile.Docker, Reasons: []string{err.Error()}}
	}
	for d, err := range proof.Diff(proof.Of(f.policy), proof.Of(q)) {
		if err != nil {
			return nil, nil, err
		}
		f.cannot("%v (what is meant, what would be read)", d)
		if len(f.reasons) == 10 {
			break
		}
	}
	if len(f.reasons) > 0 {
		return nil, nil, &profile.UnsayableError{Dialect: profile.Docker, Reasons: f.reasons}
	}
	return f.profile, mode, nil
}
