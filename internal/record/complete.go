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

const fallbackComment = "not seen: programs that try these go on to older calls after this errno only"

// Complete makes a profile of Profile's whole for a target. A condition that a program
// could get round with another call that is allowed too is left out. Calls that
// programs try first get the errno after which they make the older one, which is
// allowed. Rules of the base stay as they are.
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

// relax leaves out a condition that another call gets round, and says whether there
// was any.
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

// dropCondition leaves out what rules with conditions say of an argument, and then those
// that others cover.
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

// answer adds rules with the errno after which programs fall back to an older call: with
// EPERM, a profile's usual answer, they would give up.
func answer(p, placed *profile.Profile, t profile.Target) error {
	policy, _, err := placed.Resolve(t, profile.ENOSYSOff()) // not all runtimes answer it by themselves
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

// mentions says whether a rule speaks of a call.
func mentions(p *profile.Profile, name string) bool {
	return slices.ContainsFunc(p.Syscalls, func(rule profile.Rule) bool { return slices.Contains(rule.Names, name) })
}

// withoutUnseen is rules without what an earlier recording added unseen and this one has
// seen, or has to add anew. A rule for Go's runtime stays if arguments are learnt: those
// that were seen may be fewer.
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
		case (rule.Comment == alwaysComment || rule.Comment == goComment) && plain(&rule) && !r.Args:
			rule.Names = slices.DeleteFunc(slices.Clone(rule.Names), func(name string) bool { return seen[name] })
			if len(rule.Names) == 0 {
				continue
			}
		}
		kept = append(kept, rule)
	}
	return kept
}
