// SPDX-License-Identifier: Apache-2.0

package marathon

import (
	"testing"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/launch"
	"github.com/stretchr/testify/assert"
)

func TestDeniedText(t *testing.T) {
	policy := &seccomp.Policy{Rules: []seccomp.Rule{{Origin: seccomp.Origin{File: "relaxed.json", Line: 3, Column: 5}}, {}}}
	rule := func(a arch.Arch, name string, action seccomp.Action, rule int) launch.Denial {
		return launch.Denial{Arch: a, Name: name, Decision: seccomp.Decision{Action: action, By: seccomp.ByRule, Rule: rule}}
	}
	mount := rule(arch.X86_64, "mount", seccomp.Errno(1), 0)
	tests := map[string]struct {
		denials []launch.Denial
		want    string
	}{
		"no denial":                          {nil, ""},
		"a rule with an origin":              {[]launch.Denial{mount}, "mount() by relaxed.json:3:5"},
		"a rule without an origin":           {[]launch.Denial{rule(arch.X86_64, "mount", seccomp.KillThread, 1)}, "mount() by rule 1"},
		"a call that ran":                    {[]launch.Denial{rule(arch.X86_64, "mount", seccomp.Log, 0)}, ""},
		"ENOSYS, which a program probes for": {[]launch.Denial{rule(arch.X86_64, "clone3", seccomp.Errno(38), 0), mount}, "mount() by relaxed.json:3:5"},
		"ENOSYS alone":                       {[]launch.Denial{rule(arch.X86_64, "clone3", seccomp.Errno(38), 0)}, "clone3() by relaxed.json:3:5"},
		"ENOSYS of MIPS, which is 89":        {[]launch.Denial{rule(arch.MIPSEL, "clone3", seccomp.Errno(89), 0), mount}, "mount() by relaxed.json:3:5"},
		"38 on MIPS, which is another error": {[]launch.Denial{rule(arch.MIPSEL, "clone3", seccomp.Errno(38), 0), mount}, "clone3() by relaxed.json:3:5, mount() by relaxed.json:3:5"},
		"more than three":                    {[]launch.Denial{mount, mount, mount, mount, mount}, "mount() by relaxed.json:3:5, mount() by relaxed.json:3:5, mount() by relaxed.json:3:5, 2 more"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) { assert.Equal(t, tt.want, deniedText(policy, tt.denials)) })
	}
}
