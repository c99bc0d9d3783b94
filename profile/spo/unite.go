// SPDX-License-Identifier: Apache-2.0

package spo

import (
	"errors"
	"fmt"
	"slices"

	"github.com/gosieve/sieve/profile"
)

// deepest is how many bases one upon the other the operator takes.
const deepest = 15

// ErrNoProfile says that there is no profile of a name.
var ErrNoProfile = errors.New("no such profile")

// Among finds profiles by name in a list, for Unite.
func Among(list ...*Profile) func(name string) (*Profile, error) {
	return func(name string) (*Profile, error) {
		i := slices.IndexFunc(list, func(p *Profile) bool { return p.Name == name })
		if i < 0 {
			return nil, ErrNoProfile
		}
		return list[i], nil
	}
}

// Unite is the profile together with its base, and that one's, and so on: all calls
// that have a rule in one of them. A call that has rules in several gets the less
// restrictive action. Of a base only the rules count. Find gives the profile of a name
// like that in Base; Among makes such a function of a list. The profile itself stays as
// it is.
//
// The operator does the same with what its release can say. Rules that cannot be said
// together in one document are an error here: one without conditions beside less
// restrictive ones with some. (The operator drops the conditions there. Releases with
// API v1beta1 lose all conditions and errnos of a profile with a base.) Errors wrap
// find's, or profile.ErrProfile.
func (p *Profile) Unite(find func(name string) (*Profile, error)) (*Profile, error) {
	rules := slices.Clone(p.Seccomp.Syscalls)
	origins := p.origins()
	next := p
	for level := 0; next.Base != "" && !next.united; level++ {
		if level == deepest {
			return nil, next.wrong(base, "spec.baseProfileName", "more than %d bases one upon the other", deepest)
		}
		b, err := find(next.Base)
		if err != nil {
			return nil, &baseError{next.wrong(base, "spec.baseProfileName", "the base profile %q: %v", clip(next.Base), err), err}
		}
		u := union{owner: p, def: p.Seccomp.DefaultAction, defErrno: p.Seccomp.DefaultErrnoRet}
		if rules, origins, err = u.unite(rules, origins, b); err != nil {
			return nil, err
		}
		next = b
	}
	q := *p
	s := *p.Seccomp
	q.Seccomp, q.rules, q.united = &s, origins, true
	s.Syscalls = rules
	s.Locate(q.locate)
	return &q, nil
}

// baseError is a base that was not found.
type baseError struct {
	what  *profile.Error
	cause error
}

func (e *baseError) Error() string   { return e.what.Error() }
func (e *baseError) Unwrap() []error { return []error{e.what, e.cause} }

// isMissing says whether a base was not found.
func isMissing(err error) bool { return errors.Is(err, ErrNoProfile) }

// union unites the rules of a profile with those of a base.
type union struct {
	owner    *Profile
	def      string
	defErrno *uint32
}

// side is what a list of rules says of a call.
type side struct {
	always []int // rules without conditions: one at most that counts, or those equal to the default
	some   []int // rules with conditions
}

func (u *union) unite(own []profile.Rule, origins []origin, b *Profile) ([]profile.Rule, []origin, error) {
	before := own
	own, theirs := deepClone(own), deepClone(b.Seccomp.Syscalls)
	mine, base := sides(own), sides(theirs)
	for i := range own {
		for _, name := range slices.Clone(own[i].Names) {
			if base[name] == nil || mine[name] == nil {
				continue
			}
			if err := u.call(name, own, theirs, mine[name], base[name], b); err != nil {
				return nil, nil, err
			}
			delete(mine, name)
		}
	}
	var rules []profile.Rule
	var from []origin
	keep := func(list, before []profile.Rule, origins []origin) {
		for i := range list {
			if len(list[i].Names) > 0 {
				rules, from = append(rules, list[i]), append(from, origins[i].left(list[i].Names, before[i].Names))
			}
		}
	}
	keep(own, before, origins)
	keep(theirs, b.Seccomp.Syscalls, b.origins())
	return rules, from, nil
}

// origins is where each rule comes from: the object itself, of one that a program
// added.
func (p *Profile) origins() []origin {
	list := slices.Clone(p.rules[:min(len(p.rules), len(p.Seccomp.Syscalls))])
	for i := len(list); i < len(p.Seccomp.Syscalls); i++ {
		list = append(list, origin{p: p, index: i})
	}
	return list
}

// deepClone is a copy of rules whose names can be changed.
func deepClone(rules []profile.Rule) []profile.Rule {
	rules = slices.Clone(rules)
	for i := range rules {
		rules[i].Names = slices.Clone(rules[i].Names)
	}
	return rules
}

// left is the origin when some of a rule's names are left of those before.
func (o origin) left(names, before []string) origin {
	if len(names) == len(before) {
		return o
	}
	var index []int
	for i, name := range before {
		if len(index) == len(names) || name != names[len(index)] {
			continue
		}
		if o.names != nil {
			i = o.names[i]
		}
		index = append(index, i)
	}
	o.names = index
	return o
}

// sides is what a list of rules says, by call.
func sides(rules []profile.Rule) map[string]*side {
	all := map[string]*side{}
	for i := range rules {
		for _, name := range rules[i].Names {
			s := all[name]
			if s == nil {
				s = &side{}
				all[name] = s
			}
			if len(rules[i].Args) == 0 {
				s.always = append(s.always, i)
			} else {
				s.some = append(s.some, i)
			}
		}
	}
	return all
}

// call decides which rules of two lists keep a call.
func (u *union) call(name string, own, theirs []profile.Rule, mine, base *side, b *Profile) error {
	first, second := u.counting(own, mine), u.counting(theirs, base)
	switch {
	case first >= 0 && second >= 0:
		if rank(theirs[second].Action) > rank(own[first].Action) || sameRankOtherErrno(&theirs[second], &own[first]) {
			drop(own, mine, name)
		} else {
			drop(theirs, base, name)
		}
	case first >= 0:
		return u.against(name, own, theirs, mine, base, first, b)
	case second >= 0:
		return u.against(name, theirs, own, base, mine, second, b)
	default:
		u.conditional(name, own, theirs, mine, base)
	}
	return nil
}

// sameRankOtherErrno says whether two rules differ in their number alone. The base's
// counts then, as in the operator.
func sameRankOtherErrno(a, b *profile.Rule) bool {
	return rank(a.Action) == rank(b.Action) && errno(a) != errno(b)
}

// counting is the rule without conditions that decides a call in a list, -1 if none
// does.
func (u *union) counting(rules []profile.Rule, s *side) int {
	for _, i := range s.always {
		if !u.idle(&rules[i]) {
			return i
		}
	}
	if len(s.some) == 0 && len(s.always) > 0 {
		return s.always[0]
	}
	return -1
}

// idle says whether a rule is equal to the default, so that it decides nothing.
func (u *union) idle(r *profile.Rule) bool {
	def := profile.Rule{Action: u.def, ErrnoRet: u.defErrno}
	return rank(r.Action) == rank(u.def) && errno(r) == errno(&def)
}

// against unites a rule without conditions of one list with those with some of the
// other.
func (u *union) against(name string, strong, weak []profile.Rule, a, b *side, always int, base *Profile) error {
	if u.idle(&strong[always]) {
		drop(strong, a, name)
		return nil
	}
	for _, i := range b.some {
		if rank(weak[i].Action) > rank(strong[always].Action) {
			return u.owner.wrong(baseRules, "spec.baseProfileName",
				"%s is %s in one of this profile and its base %q, and %s with conditions in the other: no document says both",
				clip(name), strong[always].Action, clip(base.Name), weak[i].Action)
		}
	}
	drop(weak, b, name)
	return nil
}

// conditional unites rules with conditions: of two with the same ones the less
// restrictive stays, and others that overlap are Resolve's to refuse.
func (u *union) conditional(name string, own, theirs []profile.Rule, mine, base *side) {
	for _, i := range mine.some {
		for _, j := range base.some {
			if !sameArgs(own[i].Args, theirs[j].Args) {
				continue
			}
			if rank(theirs[j].Action) > rank(own[i].Action) || sameRankOtherErrno(&theirs[j], &own[i]) {
				remove(&own[i], name)
			} else {
				remove(&theirs[j], name)
			}
		}
	}
}

// sameArgs says whether two lists of conditions are the same.
func sameArgs(a, b []profile.Arg) bool {
	key := func(list []profile.Arg) []string {
		var words []string
		for _, c := range list {
			words = append(words, fmt.Sprint(c.Index, c.Op, c.Value, c.ValueTwo))
		}
		slices.Sort(words)
		return words
	}
	return slices.Equal(key(a), key(b))
}

// drop takes a call from all rules of a list that name it.
func drop(rules []profile.Rule, s *side, name string) {
	for _, i := range slices.Concat(s.always, s.some) {
		remove(&rules[i], name)
	}
}

func remove(r *profile.Rule, name string) {
	r.Names = slices.DeleteFunc(r.Names, func(n string) bool { return n == name })
}

// ranks are the actions, the most restrictive first (include/uapi/linux/seccomp.h).
var ranks = []string{"SCMP_ACT_KILL_PROCESS", "SCMP_ACT_KILL_THREAD", "SCMP_ACT_TRAP", "SCMP_ACT_ERRNO", "SCMP_ACT_NOTIFY",
	"SCMP_ACT_TRACE", "SCMP_ACT_LOG", "SCMP_ACT_ALLOW"}

func rank(action string) int {
	if action == "SCMP_ACT_KILL" {
		action = "SCMP_ACT_KILL_THREAD"
	}
	return slices.Index(ranks, action)
}

// carries says whether an action has a number.
func carries(action string) bool { return action == "SCMP_ACT_ERRNO" || action == "SCMP_ACT_TRACE" }

// eperm is the number of an action that has none given.
const eperm = 1

// errno is the number of a rule's action, 0 if it carries none.
func errno(r *profile.Rule) uint32 {
	switch {
	case !carries(r.Action):
		return 0
	case r.ErrnoRet == nil:
		return eperm
	}
	return *r.ErrnoRet
}
