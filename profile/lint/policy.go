// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/document"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/proof"
)

// Policy looks in a policy, whatever document it is from, for comparisons of more
// than the kernel reads (wide-bypass) and for rules that do not count (unfiltered-call),
// as Lint does in a Profile. Places are the origins of rules.
//
// ABIs of 32 bits are left out, whose arguments have no high half. The findings are in
// the order of ABIs and, for each, of arch.Calls. A nil policy has none.
func Policy(p *seccomp.Policy) []profile.Diagnostic {
	if p == nil {
		return nil
	}
	told := map[string]bool{}
	var list []profile.Diagnostic
	for _, a := range p.Arches {
		if a.Bits() != 64 {
			continue
		}
		for nr, name := range a.Calls() {
			if len(list) < mostFindings {
				rules := document.Matching(p, a, nr)
				list = append(list, wideRules(a, name, nr, p.Default, rules, told)...)
				list = append(list, unfilteredRules(a, name, nr, rules)...)
			}
		}
	}
	return list
}

// wideRules looks at the rules for a call of an ABI.
//
// Of what the two readings decide differently it reports what is weaker than the rule
// says. A comparison that ends at a limit ends the list without an error: a finding is
// never a guess.
func wideRules(a arch.Arch, name string, nr uint32, def seccomp.Action, rules []*seccomp.Rule, told map[string]bool) []profile.Diagnostic {
	r := &readings{abi: a, name: name, wide: seccomp.Policy{Arches: []arch.Arch{a}, Default: def}}
	r.read = r.wide
	some := false
	for _, rule := range rules {
		some = r.add(nr, rule.Args, rule.Action) || some
	}
	if !some || len(rules) > mostCompared {
		return nil
	}
	var list []profile.Diagnostic
	for set, err := range proof.Diff(proof.Of(&r.wide), proof.Of(&r.read)) {
		if err != nil {
			return list
		}
		if set.A.Rank() <= set.B.Rank() {
			continue
		}
		i := r.blame(&set.Call)
		key := name + "\x00" + rules[i].Origin.String()
		if told[key] {
			continue
		}
		told[key] = true
		call, j, bits, text := r.says(&set, i)
		list = append(list, profile.Diagnostic{Severity: profile.Failure, Code: "wide-bypass", Message: text, Place: placeOf(&rules[i].Origin),
			Fix: wideFix(r.wide.Rules[i].Args[j], bits), Witness: &call})
	}
	return list
}

// placeOf is the place of a rule's origin.
//
// A rule that a program made has no line. Its place is then the text of the origin.
func placeOf(o *seccomp.Origin) profile.Place {
	if o.Line > 0 {
		return profile.Place{File: o.File, Line: o.Line, Column: o.Column, Path: o.Path}
	}
	return profile.Place{Path: o.String()}
}
