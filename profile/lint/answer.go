// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"encoding/json"
	"slices"

	"github.com/gosieve/sieve/internal/resolution"
	"github.com/gosieve/sieve/profile"
)

// answered are the edits after which calls get another action, whatever the rules that
// deny them now say of them: they leave those and get a rule of their own.
//
// For names = [clone3] and ERRNO 38 the edits take clone3 from each rule that denies it
// and add {"names":["clone3"],"action":"SCMP_ACT_ERRNO","errnoRet":38} at the end. A name
// that stays in a rule without conditions would decide before the new rule does. Without
// denies no rule is changed.
func answered(p *profile.Profile, denies func(doc int) bool, names []string, action string, errno *uint32) []profile.Edit {
	var list []profile.Edit
	for i := range p.Syscalls {
		if denies == nil {
			break // the search takes as long as the document is
		}
		var taken []string
		for _, name := range p.Syscalls[i].Names {
			if slices.Contains(names, name) && !slices.Contains(taken, name) {
				taken = append(taken, name)
			}
		}
		if len(taken) > 0 && denies(i) {
			list = append(list, profile.Edit{Op: resolution.Take, Path: resolution.RulePath(i) + ".names", Names: taken})
		}
	}
	return append(list, profile.Edit{Op: resolution.Add, Path: "syscalls", Value: ruleText(&profile.Rule{Names: names, Action: action, ErrnoRet: errno})})
}

// ruleText is a rule as documents have it, in one line and with Docker's keys. It panics if
// that cannot be written, since the rule is made of words and numbers alone.
func ruleText(r *profile.Rule) string {
	text, err := json.Marshal(*r)
	if err != nil {
		panic("lint: a rule cannot be written as JSON: " + err.Error())
	}
	return string(text)
}
