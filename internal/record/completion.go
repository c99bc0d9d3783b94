// SPDX-License-Identifier: Apache-2.0

package record

import (
	"fmt"
	"slices"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/userland"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/profile/lint"
)

// fallbackComment marks the rule that answer adds. A later recording with the document as
// its base finds the rule by this comment (withoutUnseen), so a change of the text would
// leave the rules of older documents in place.
const fallbackComment = "not seen: programs that try these go on to older calls after this errno only"

// Complete finishes a document that Profile made, for a target. First it drops conditions
// that a program could get round with another call that is allowed too: such a condition
// looks strict and protects nothing. Then it adds the errno for calls that programs try
// first, after which they make the older call, which is allowed. Rules of the base stay
// as they are.
//
// The linter finds the conditions to drop. Each round drops those on one argument of one
// call, so the loop ends: every round leaves fewer conditions. The document is parsed
// again in each round, as the linter's places are those of a text.
func (r *Recording) Complete(p, base *profile.Profile, t profile.Target) error {
	first := 0 // of the rules that are not the base's
	if base != nil {
		first = len(r.withoutUnseen(base.Syscalls))
	}
	for {
		text, err := p.MarshalJSON()
		if err != nil {
			return err
		}
		placed, err := profile.Parse(text)
		if err != nil {
			return err
		}
		if !relax(p, first, lint.Lint(placed, t)) {
			return answer(p, placed, t)
		}
	}
}

// relax drops one condition that another call gets round, and says whether there was any.
// The linter reports such conditions as sibling-open (the other call is allowed) and
// sibling-unseen (the other call takes the flags in memory, which no filter sees). Rules
// before first are the base's.
func relax(p *profile.Profile, first int, found []profile.Diagnostic) bool {
	for _, d := range found {
		var i, j int
		if d.Code != "sibling-open" && d.Code != "sibling-unseen" {
			continue
		}
		if n, _ := fmt.Sscanf(d.Place.Path, "syscalls[%d].args[%d]", &i, &j); n == 2 && i >= first {
			dropCondition(p, first, p.Syscalls[i].Names[0], p.Syscalls[i].Args[j].Index)
			return true
		}
	}
	return false
}

// dropCondition drops the conditions on one argument from all rules for a call, and then
// the rules that others cover: without the condition, several of them may have become
// equal.
func dropCondition(p *profile.Profile, first int, name string, index uint32) {
	kept := slices.Clone(p.Syscalls[:first])
	for _, rule := range p.Syscalls[first:] {
		if len(rule.Args) == 0 || rule.Names[0] != name {
			kept = append(kept, rule)
			continue
		}
		rule.Args = slices.DeleteFunc(slices.Clone(rule.Args), func(a profile.Arg) bool { return a.Index == index })
		if !slices.ContainsFunc(kept, func(has profile.Rule) bool { return covers(has, rule) }) {
			kept = append(kept, rule)
		}
	}
	p.Syscalls = kept
}

// answer adds a rule with the errno after which programs fall back to an older call. With
// EPERM, the document's default, they would give up. The document is resolved without
// runc's own ENOSYS answers, as not all runtimes have them (crun does not).
func answer(p, placed *profile.Profile, t profile.Target) error {
	policy, _, err := placed.Resolve(t, profile.ENOSYSOff) // not all runtimes answer it by themselves
	if err != nil {
		return err
	}
	var names []string
	var errno uint32
	for _, abi := range policy.Arches {
		if abi == arch.X32 {
			continue // no program of it is about
		}
		list, enosys := userland.FallbackCalls(policy, abi)
		errno = uint32(enosys)
		for _, name := range list {
			if !slices.Contains(names, name) && !mentions(p, name) {
				names = append(names, name)
			}
		}
	}
	if len(names) > 0 {
		slices.Sort(names)
		p.Syscalls = append(p.Syscalls, profile.Rule{Names: names, Action: deny, ErrnoRet: &errno, Comment: fallbackComment})
	}
	return nil
}

// mentions says whether any rule, of whatever action, names a call. Such a rule may be
// the base's, and is left to decide.
func mentions(p *profile.Profile, name string) bool {
	return slices.ContainsFunc(p.Syscalls, func(rule profile.Rule) bool { return slices.Contains(rule.Names, name) })
}

// withoutUnseen returns the base's rules without what an earlier recording added unseen,
// if this recording has seen it or has to add it anew. Comments mark those rules. When
// arguments are learnt, the rules for Go's runtime stay: the arguments that were seen may
// be fewer than those that the runtime needs.
func (r *Recording) withoutUnseen(rules []profile.Rule) []profile.Rule {
	seen := map[string]bool{}
	for _, c := range r.Calls() {
		seen[c.Name] = true
	}
	var kept []profile.Rule
	for _, rule := range rules {
		switch {
		case rule.Comment == fallbackComment && rule.Action == deny:
			continue
		case slices.Contains([]string{alwaysComment, goComment, threadComment}, rule.Comment) && plain(&rule) && !r.Args:
			rule.Names = slices.DeleteFunc(slices.Clone(rule.Names), func(name string) bool { return seen[name] })
			if len(rule.Names) == 0 {
				continue
			}
		}
		kept = append(kept, rule)
	}
	return kept
}
