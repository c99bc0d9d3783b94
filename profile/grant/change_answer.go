// SPDX-License-Identifier: Apache-2.0

package grant

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gosieve/sieve/internal/errnos"
	"github.com/gosieve/sieve/internal/resolution"
	"github.com/gosieve/sieve/internal/userland"
	"github.com/gosieve/sieve/profile"
)

// answer tries to have the call answered with ENOSYS, if programs then make an older
// one that is allowed.
//
// For clone3 under a profile that allows clone it is a rule with errnoRet 38: glibc then
// makes clone, whose flags rules can look at. It allows nothing, so it comes before all
// other changes.
func (f *changeFinder) answer() {
	i := slices.IndexFunc(userland.Probes, func(t userland.Probe) bool {
		_, stops := t.Stops(f.Policy, f.abi)
		return stops && f.isName(t.Call)
	})
	if i < 0 {
		return
	}
	errno := uint32(errnos.ENOSYS(f.target.Arch).Data())
	rule := profile.Rule{Names: []string{userland.Probes[i].Call}, Action: "SCMP_ACT_ERRNO", ErrnoRet: &errno}
	texts := []string{fmt.Sprintf("add a rule for %s with SCMP_ACT_ERRNO and errnoRet %d", userland.Probes[i].Call, errno)}
	place := f.newPlace(resolution.RulePath(len(f.p.Syscalls)))
	rules, changed := f.withoutDenials(&texts, &place)
	text := fmt.Sprintf("%s: programs make %s instead", strings.Join(texts, ", and "), userland.Probes[i].OlderOn(f.abi))
	change := Change{Kind: AnswerENOSYS, Text: text, Place: place}.writing(append(changed, rule)...)
	f.try(classAnswer, 0, f.with(append(rules, rule)), f.target, change)
}

// withoutDenials is the rules without the call's names in those that deny it, and those of
// them that are left. It puts how to come there before what is to be done.
func (f *changeFinder) withoutDenials(texts *[]string, place *profile.Place) (rules, changed []profile.Rule) {
	var before []string
	for i := range f.p.Syscalls {
		applies, action := f.resolved(i)
		if !applies || !action.Denies() || !f.about(i) {
			rules = append(rules, f.p.Syscalls[i])
			continue
		}
		if len(before) == 0 {
			*place = f.place(resolution.RulePath(i))
		}
		before = append(before, f.removal(i))
		if rule := f.unnamed(i); len(rule.Names) > 0 {
			rules = append(rules, rule)
			changed = append(changed, rule)
		}
	}
	*texts = append(before, *texts...)
	return rules, changed
}
