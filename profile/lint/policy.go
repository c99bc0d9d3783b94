// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"slices"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/document"
	"github.com/gosieve/sieve/internal/unfiltered"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/seccomp"
)

// Policy looks in a policy, whatever document it is from, for comparisons of more
// than the kernel reads (wide-bypass) and for rules that do not count (unfiltered-call),
// as Lint does in a Profile. Places are the origins of rules.
//
// ABIs of 32 bits are left out, whose arguments have no high half. The findings are in
// the order of ABIs and, for each, of arch.Calls. A nil policy has none. The work is bounded as
// that of Lint is; of the options only Within counts.
func Policy(p *seccomp.Policy, opts ...profile.Option) []profile.Diagnostic {
	if p == nil {
		return nil
	}
	l := policyLinter{widths: widths{budget: newBudget(optionsOf(opts)), known: map[string]*widthFindings{}}, told: map[string]bool{}}
	for _, a := range p.Arches {
		if a.Bits() != 64 {
			continue
		}
		rules := callRules(p, a)
		for nr, name := range a.Calls() {
			l.wide(a, name, nr, p.Default, rules[nr])
			if _, ok := unfiltered.Since(a, nr); ok {
				l.list = append(l.list, unfilteredRules(a, name, nr, document.Matching(p, a, nr))...)
			}
		}
	}
	return append(l.list, l.diagnostics(profile.Place{}, false)...)
}

// policyLinter looks at one policy.
type policyLinter struct {
	widths
	told map[string]bool
	list []profile.Diagnostic
}

// callRules are the rules for each call of an ABI, as document.Matching has them, but no more
// than are compared and one. It goes through the rules once, not once for each call.
func callRules(p *seccomp.Policy, a arch.Arch) map[uint32][]*seccomp.Rule {
	rules := map[uint32][]*seccomp.Rule{}
	add := func(nr uint32, r *seccomp.Rule) {
		list := rules[nr]
		if n := len(list); n == 0 || n <= mostCompared && list[n-1] != r && len(list[n-1].Args) > 0 {
			rules[nr] = append(list, r)
		}
	}
	var numbers []uint32
	for nr := range a.Calls() {
		numbers = append(numbers, nr)
	}
	for i := range p.Rules {
		r := &p.Rules[i]
		if len(r.Arches) > 0 && !slices.Contains(r.Arches, a) {
			continue
		}
		for _, name := range r.Syscalls {
			if nr, ok := a.Number(name); ok {
				add(nr, r)
			}
		}
		for _, n := range r.Numbers {
			for at, _ := slices.BinarySearch(numbers, n.From); at < len(numbers) && numbers[at] <= n.To; at++ {
				add(numbers[at], r)
			}
		}
	}
	return rules
}

// wide looks at the rules for a call of an ABI.
//
// Of what the two readings decide differently it reports what is weaker than the rule
// says. A comparison that ends at a limit adds what it found: a finding is never a guess.
func (l *policyLinter) wide(a arch.Arch, name string, nr uint32, def seccomp.Action, rules []*seccomp.Rule) {
	r := &readings{abi: a, name: name, wide: seccomp.Policy{Arches: []arch.Arch{a}, Default: def}}
	r.read = r.wide
	some := false
	for _, rule := range rules {
		some = r.add(nr, rule.Args, rule.Action) || some
	}
	if !some {
		return
	}
	if len(l.list) >= mostFindings {
		l.miss(profile.Warning, wideMissed, name)
		return
	}
	found := l.findings(r, nr)
	if !found.whole {
		l.miss(profile.Warning, wideMissed, name)
	}
	for i := range found.list {
		f := &found.list[i]
		key := name + "\x00" + rules[f.rule].Origin.String()
		if !f.weaker() || l.told[key] {
			continue
		}
		l.told[key] = true
		call, bits, text := r.says(f)
		l.list = append(l.list, profile.Diagnostic{Severity: profile.Failure, Code: "wide-bypass", Message: text, Place: placeOf(&rules[f.rule].Origin),
			Fix: wideFix(r.wide.Rules[f.rule].Args[f.arg], bits), Witness: &call})
	}
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
