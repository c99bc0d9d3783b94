// SPDX-License-Identifier: Apache-2.0

package seccomp

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestOrigin writes each kind of origin.
func TestOrigin(t *testing.T) {
	tests := map[string]Origin{
		"":                           {},
		"p.json:12:3":                {File: "p.json", Line: 12, Column: 3},
		"p.json:12:3: vmm.filter[1]": {File: "p.json", Line: 12, Column: 3, Path: "vmm.filter[1]"},
		"p.json: vmm.filter[1]":      {File: "p.json", Path: "vmm.filter[1]"},
		"12:3":                       {Line: 12, Column: 3},
		"syscalls[3]":                {Path: "syscalls[3]"},
		"a.json:1:2 through ipc":     {File: "a.json", Line: 1, Column: 2, Reason: Multiplexed, Note: "ipc"},
		"ENOSYS":                     {Reason: UnknownCall},
		"ENOSYS for what is too new": {Reason: UnknownCall, Note: "ENOSYS for what is too new"},
		"no other personality":       {Note: "no other personality"},
	}
	for want, origin := range tests {
		assert.Equal(t, want, origin.String())
	}
}

// TestDescribe says what decided, also for a decision of another policy.
func TestDescribe(t *testing.T) {
	p := &Policy{Rules: []Rule{{Origin: Origin{Path: "syscalls[0]"}}, {}}}
	tests := map[string]Decision{
		"architecture not listed": {By: ByBadArch, Rule: -1},
		"syscalls[0]":             {By: ByRule, Rule: 0},
		"rule 1":                  {By: ByRule, Rule: 1},
		"default":                 {By: ByDefault, Rule: -1},
	}
	for want, d := range tests {
		assert.Equal(t, want, p.Describe(d))
	}
	assert.Equal(t, "default", p.Describe(Decision{By: ByRule, Rule: 2}))
	assert.Equal(t, "default", (*Policy)(nil).Describe(Decision{By: ByRule}))
}
