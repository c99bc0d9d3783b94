// SPDX-License-Identifier: Apache-2.0

package profile

import (
	"fmt"
	"slices"
	"strings"
)

// answer tries to have the call answered with ENOSYS, if programs then make an older
// one that is allowed.
func (f *changeFinder) answer() {
	policy, _, err := f.p.Resolve(f.target, f.opts...)
	if err != nil {
		return
	}
	i := slices.IndexFunc(probes, func(t probe) bool {
		_, stops := t.stops(policy, f.abi)
		return stops && f.isName(t.call)
	})
	if i < 0 {
		return
	}
	errno := uint32(enosysOf(f.target.Arch).Data())
	rule := Rule{Names: []string{probes[i].call}, Action: "SCMP_ACT_ERRNO", ErrnoRet: &errno}
	texts := []string{fmt.Sprintf("add a rule for %s with SCMP_ACT_ERRNO and errnoRet %d", probes[i].call, errno)}
	documents := []string{ruleJSON(&rule)}
	place := Place{File: f.p.source.file, Path: rulePath(len(f.p.Syscalls))}
	rules := f.withoutDenials(&texts, &documents, &place)
	change := Change{AnswerENOSYS, fmt.Sprintf("%s: programs make %s instead", strings.Join(texts, ", and "), probes[i].olderOn(f.abi)),
		strings.Join(documents, "\n"), place}
	f.try(classAnswer, 0, f.with(append(rules, rule)), f.target, change)
}

// withoutDenials is the rules without the call's names in those that deny it, and puts
// before what is to be done how to come there.
func (f *changeFinder) withoutDenials(texts, documents *[]string, place *Place) []Rule {
	var rules []Rule
	var before, rest []string
	for i := range f.p.Syscalls {
		applies, action := f.resolved(i)
		if !applies || lets(action) || !f.about(i) {
			rules = append(rules, f.p.Syscalls[i])
			continue
		}
		if len(before) == 0 {
			*place = f.place(f.p.Syscalls[i].at.rule, rulePath(i))
		}
		before = append(before, f.removal(i))
		if rule := f.unnamed(i); len(rule.Names) > 0 {
			rules = append(rules, rule)
			rest = append(rest, ruleJSON(&rule))
		}
	}
	*texts = append(before, *texts...)
	*documents = append(rest, *documents...)
	return rules
}
