// SPDX-License-Identifier: Apache-2.0

package spo

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/gosieve/sieve/profile"
)

// deepest is how many bases one upon the other the operator takes.
const deepest = 15

// errNoProfile says that there is no profile of a name.
var errNoProfile = errors.New("no such profile")

// among finds profiles by name in a list, for Unite.
func among(list ...*Profile) func(name string) (*Profile, error) {
	return func(name string) (*Profile, error) {
		i := slices.IndexFunc(list, func(p *Profile) bool { return p != nil && p.Name == name })
		if i < 0 {
			return nil, errNoProfile
		}
		return list[i], nil
	}
}

// Unite is the profile together with its base, that one's base, and so on: all calls that
// have a rule in one of them. A call that has rules in several gets the less restrictive
// action. Only the rules of a base count, not its default. Find gives the profile of a name
// like that in Base. The warnings are those of all. The profile itself stays as it is.
//
// The operator does the same with what its release can say. Rules that cannot be said
// together in one document are an error here: one without conditions beside less
// restrictive ones with some. (The operator drops the conditions there. Releases with
// API v1beta1 lose all conditions and errnos of a profile with a base.) Errors wrap
// find's, or profile.ErrProfile.
func (p *Profile) Unite(find func(name string) (*Profile, error)) (*Profile, error) {
	if p == nil || p.Seccomp == nil {
		return nil, fmt.Errorf("%w: it is nil", profile.ErrProfile)
	}
	rules := slices.Clone(p.Seccomp.Syscalls)
	origins := p.origins()
	warnings := slices.Clone(p.Seccomp.Warnings)
	next := p
	for level := 0; next.Base != "" && !next.united; level++ {
		if level == deepest {
			return nil, next.wrong(base, "more than %d bases one upon the other", deepest)
		}
		b, err := find(next.Base)
		if err != nil {
			return nil, &baseError{next.wrong(base, "the base profile %q: %v", clip(next.Base), err), err}
		}
		u := union{owner: p, base: b, def: profile.Rule{Action: p.Seccomp.DefaultAction, ErrnoRet: p.Seccomp.DefaultErrnoRet}}
		if rules, origins, err = u.unite(rules, origins); err != nil {
			return nil, err
		}
		warnings = append(warnings, b.Seccomp.Warnings...)
		next = b
	}
	q := *p
	s := *p.Seccomp
	q.Seccomp, q.rules, q.united = &s, origins, true
	s.Syscalls, s.Warnings = rules, warnings
	s.Locate(q.locate)
	return &q, nil
}

// baseError is the error for a base that was not found. It wraps the finder's own error, so
// that a caller can tell a missing file from a refused request.
type baseError struct {
	what  *profile.Error
	cause error
}

func (e *baseError) Error() string   { return e.what.Error() }
func (e *baseError) Unwrap() []error { return []error{e.what, e.cause} }

// isMissing says whether a base was not found.
func isMissing(err error) bool { return errors.Is(err, errNoProfile) }

// union unites the rules of a profile with those of a base, call by call. Rules are those of
// runc with libseccomp: of one call, a rule without conditions decides alone.
type union struct {
	owner       *Profile
	base        *Profile
	def         profile.Rule // with the default's action
	mine, bases list
}

// list is a list of rules in which names are marked as gone, since the other list's rule for
// them counts. Rules themselves are not changed: objects share them.
type list struct {
	rules []profile.Rule
	calls map[string]*side
	gone  []map[string]struct{} // by rule
}

// side is what a list of rules says of a call, as indices of its rules in their order.
type side struct {
	always []int // rules without conditions
	some   []int // rules with conditions
}

// newList sorts a list's rules by the calls that they name.
func newList(rules []profile.Rule) list {
	l := list{rules: rules, calls: map[string]*side{}, gone: make([]map[string]struct{}, len(rules))}
	for i := range rules {
		for _, name := range rules[i].Names {
			s := l.calls[name]
			if s == nil {
				s = &side{}
				l.calls[name] = s
			}
			if len(rules[i].Args) == 0 {
				s.always = append(s.always, i)
			} else {
				s.some = append(s.some, i)
			}
		}
	}
	return l
}

// drop marks a call as gone from some rules of a list. The rules keep their other calls.
func (l *list) drop(name string, rules ...[]int) {
	for _, i := range slices.Concat(rules...) {
		if l.gone[i] == nil {
			l.gone[i] = map[string]struct{}{}
		}
		l.gone[i][name] = struct{}{}
	}
}

// left returns the rules that have calls left, with the places of these.
func (l *list) left(origins []origin) (rules []profile.Rule, from []origin) {
	for i, r := range l.rules {
		o := origins[i]
		if l.gone[i] != nil {
			var names []string
			var index []int
			for j, name := range r.Names {
				if _, gone := l.gone[i][name]; gone {
					continue
				}
				names = append(names, name)
				if o.names != nil {
					j = o.names[j]
				}
				index = append(index, j)
			}
			r.Names, o.names = names, index
		}
		if len(r.Names) > 0 {
			rules, from = append(rules, r), append(from, o)
		}
	}
	return rules, from
}

// unite returns the rules of both lists, the profile's before its base's. A call that only
// one list names keeps its rules.
func (u *union) unite(own []profile.Rule, origins []origin) ([]profile.Rule, []origin, error) {
	u.mine, u.bases = newList(own), newList(u.base.Seccomp.Syscalls)
	for i := range own {
		for _, name := range own[i].Names {
			mine, base := u.mine.calls[name], u.bases.calls[name]
			if mine == nil || base == nil {
				continue
			}
			if err := u.call(name, mine, base); err != nil {
				return nil, nil, err
			}
			delete(u.mine.calls, name)
		}
	}
	rules, from := u.mine.left(origins)
	more, moreFrom := u.bases.left(u.base.origins())
	return append(rules, more...), append(from, moreFrom...), nil
}

// origins is where each rule comes from. A rule that a program added to Seccomp comes from
// the object itself.
func (p *Profile) origins() []origin {
	list := slices.Clone(p.rules[:min(len(p.rules), len(p.Seccomp.Syscalls))])
	for i := len(list); i < len(p.Seccomp.Syscalls); i++ {
		list = append(list, origin{p: p, index: i})
	}
	return list
}

// call decides which list's rules a call keeps. Three cases differ: both lists decide it
// without conditions, one does, or none does.
func (u *union) call(name string, mine, base *side) error {
	first, second := u.counting(&u.mine, mine), u.counting(&u.bases, base)
	switch {
	case first != nil && second != nil:
		if wins(second, first) {
			u.mine.drop(name, mine.always, mine.some)
		} else {
			u.bases.drop(name, base.always, base.some)
		}
	case first != nil:
		return u.against(name, &u.mine, &u.bases, mine, base, first)
	case second != nil:
		return u.against(name, &u.bases, &u.mine, base, mine, second)
	default:
		u.conditional(name, mine, base)
	}
	return nil
}

// wins says whether a base's rule counts before a profile's: if it is less restrictive,
// or differs in its number alone, as in the operator. ALLOW in the base wins over ERRNO in the
// profile, and ERRNO(38) over ERRNO(1).
func wins(base, own *profile.Rule) bool {
	a, b := rank(base.Action), rank(own.Action)
	return a > b || a == b && errno(base) != errno(own)
}

// counting returns the rule without conditions that decides a call in a list, nil if none
// does. It is the first that is not idle, as libseccomp takes the first of several and runc
// skips those with the default action.
func (u *union) counting(l *list, s *side) *profile.Rule {
	for _, i := range s.always {
		if !u.idle(&l.rules[i]) {
			return &l.rules[i]
		}
	}
	if len(s.some) == 0 && len(s.always) > 0 {
		return &l.rules[s.always[0]]
	}
	return nil
}

// idle reports whether a rule has the default's action and number. runc skips such a rule,
// and crun does (libseccomp would refuse it), so it decides nothing.
func (u *union) idle(r *profile.Rule) bool {
	return rank(r.Action) == rank(u.def.Action) && errno(r) == errno(&u.def)
}

// against unites a rule without conditions of one list with those that have some of the
// other. A document with both keeps the rule without conditions only (libseccomp drops the
// others). That is right unless one of the others is less restrictive: then the union would
// have to allow something that the document cannot say.
func (u *union) against(name string, one, other *list, a, b *side, always *profile.Rule) error {
	if u.idle(always) {
		one.drop(name, a.always)
		return nil
	}
	for _, i := range b.some {
		if action := other.rules[i].Action; rank(action) > rank(always.Action) {
			return u.owner.wrong(baseRules, "%s is %s in one of this profile and its base %q, and %s with conditions in the other: no document says both",
				clip(name), always.Action, clip(u.base.Name), action)
		}
	}
	other.drop(name, b.always, b.some)
	return nil
}

// conditional unites rules with conditions. Of two rules with the same conditions the less
// restrictive stays. Rules with other conditions that overlap are Resolve's to refuse, and so
// are those of a base that decides one set of conditions in several ways itself.
func (u *union) conditional(name string, mine, base *side) {
	type alike struct {
		rules []int // with the same conditions
		mixed bool  // they have several actions
	}
	same := map[string]*alike{}
	for _, i := range base.some {
		r := &u.bases.rules[i]
		key := argsKey(r.Args)
		a := same[key]
		if a == nil {
			a = &alike{}
			same[key] = a
		} else if first := &u.bases.rules[a.rules[0]]; rank(r.Action) != rank(first.Action) || errno(r) != errno(first) {
			a.mixed = true
		}
		a.rules = append(a.rules, i)
	}
	for _, i := range mine.some {
		r := &u.mine.rules[i]
		key := argsKey(r.Args)
		switch a := same[key]; {
		case a == nil || a.mixed:
		case wins(&u.bases.rules[a.rules[0]], r):
			u.mine.drop(name, []int{i})
		default:
			u.bases.drop(name, a.rules)
			delete(same, key)
		}
	}
}

// argsKey is equal for two lists with the same conditions in any order, which mean the same.
func argsKey(args []profile.Arg) string {
	words := make([]string, len(args))
	for i, c := range args {
		words[i] = fmt.Sprint(c.Index, c.Op, c.Value, c.ValueTwo)
	}
	slices.Sort(words)
	return strings.Join(words, ",")
}

// ranks are the actions, the most restrictive first (include/uapi/linux/seccomp.h).
var ranks = []string{"SCMP_ACT_KILL_PROCESS", "SCMP_ACT_KILL_THREAD", "SCMP_ACT_TRAP", "SCMP_ACT_ERRNO", "SCMP_ACT_NOTIFY",
	"SCMP_ACT_TRACE", "SCMP_ACT_LOG", "SCMP_ACT_ALLOW"}

// rank is the place of an action among ranks: the higher, the less restrictive. It is -1 for
// a word that is no action; Validate has refused such a rule before.
func rank(action string) int {
	if action == "SCMP_ACT_KILL" {
		action = "SCMP_ACT_KILL_THREAD"
	}
	return slices.Index(ranks, action)
}

// carries reports whether an action has a number: SECCOMP_RET_DATA.
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
