// SPDX-License-Identifier: Apache-2.0

package baseline_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/profile/baseline"
	"github.com/gosieve/sieve/seccomp/proof"
)

// An artifact is refused if its rules deny a call and libseccomp lets it through, which the node's
// profile does not. Filters of Sieve's do what the rules say.
func TestWhatLibseccompLetsThrough(t *testing.T) {
	both := func(members string) string {
		return strings.Replace(members, `"SCMP_ARCH_X86_64"`, `"SCMP_ARCH_X86_64", "SCMP_ARCH_X86"`, 1)
	}
	z := func(members string) string {
		return strings.Replace(members, `"SCMP_ARCH_X86_64"`, `"SCMP_ARCH_S390X", "SCMP_ARCH_S390"`, 1)
	}
	args := func(list string) string { return `, "args": [` + list + `]` }
	const (
		never  = `{"index": 0, "op": "SCMP_CMP_LT", "value": 0}`
		unix   = `{"index": 0, "op": "SCMP_CMP_EQ", "value": 1}`
		stream = `{"index": 1, "op": "SCMP_CMP_EQ", "value": 1}`
		first  = `{"index": 0, "op": "SCMP_CMP_MASKED_EQ", "value": 4294967295, "valueTwo": 1}`
	)
	for name, tt := range map[string]struct {
		node, artifact string
		refused        bool
	}{
		"a rule that never holds":               {both(doc("ERRNO")), both(doc("ERRNO", rule("ALLOW", `"socket"`, args(never)))), true},
		"one of ipc":                            {both(doc("ERRNO")), both(doc("ERRNO", rule("ALLOW", `"semctl"`, args(never)))), true},
		"of an ABI that has none":               {doc("ERRNO"), doc("ERRNO", rule("ALLOW", `"socket"`, args(never))), false},
		"the same rule":                         {both(doc("ERRNO", rule("ALLOW", `"socket"`, args(unix)))), both(doc("ERRNO", rule("ALLOW", `"socket"`, args(unix)))), false},
		"a rule with fewer values":              {both(doc("ERRNO", rule("ALLOW", `"socket"`, ""))), both(doc("ERRNO", rule("ALLOW", `"socket"`, args(unix)))), false},
		"one more condition":                    {both(doc("ERRNO", rule("ALLOW", `"socket"`, args(unix)))), both(doc("ERRNO", rule("ALLOW", `"socket"`, args(unix+","+stream)))), false},
		"a condition elsewhere":                 {both(doc("ERRNO", rule("ALLOW", `"socket"`, args(unix+","+stream)))), both(doc("ERRNO", rule("ALLOW", `"socket"`, args(never)))), true},
		"both have it":                          {both(doc("ERRNO", rule("ALLOW", `"socket"`, args(unix)), rule("KILL_PROCESS", `"socketcall"`, ""))), both(doc("ERRNO", rule("ALLOW", `"socket"`, args(unix)), rule("KILL_PROCESS", `"socketcall"`, ""))), false},
		"the node lets all through":             {both(doc("ERRNO", rule("ALLOW", `"socket"`, args(unix)), rule("ALLOW", `"socketcall"`, ""))), both(doc("ERRNO", rule("ALLOW", `"socket"`, args(unix)))), false},
		"a rule equal to the default":           {both(doc("ERRNO", rule("ALLOW", `"socket"`, ""), rule("KILL_THREAD", `"socketcall"`, ""))), both(doc("KILL_THREAD", rule("ALLOW", `"socket"`, ""), rule("KILL_THREAD", `"socketcall"`, ""))), true},
		"a constant that is cut":                {both(doc("ERRNO")), both(doc("ERRNO", rule("ALLOW", `"waitpid"`, args(`{"index": 0, "op": "SCMP_CMP_EQ", "value": 4294967296}`)))), true},
		"one of all numbers of 64 bits":         {z(doc("ALLOW", rule("ERRNO", `"socketcall"`, args(first)))), z(doc("ALLOW", rule("ERRNO", `"socket"`, ""))), true},
		"and the node's profile the same":       {z(doc("ALLOW", rule("ERRNO", `"socket"`, ""))), z(doc("ALLOW", rule("ERRNO", `"socket"`, ""))), false},
		"of a call that the node does not deny": {both(doc("ALLOW")), both(doc("ALLOW", rule("ERRNO", `"socket"`, args(unix)))), false},
	} {
		t.Run(name, func(t *testing.T) {
			on := machine
			if strings.Contains(tt.node, "S390X") {
				on.Arch = arch.S390X
			}
			n := &baseline.Baseline{Document: parse(t, tt.node), Targets: []profile.Target{on}}
			err := n.Check(ctx, parse(t, tt.artifact))
			if tt.refused {
				assert.ErrorIs(t, err, proof.ErrUndecided)
			} else {
				assert.NoError(t, err)
			}
			n.OwnFilters = true
			require.NoError(t, n.Check(ctx, parse(t, tt.artifact)))
		})
	}
}

// Of rules with conditions that meet for one call, libseccomp takes the one that its order comes upon.
func TestOverlapsAreNotDecidedForLibseccomp(t *testing.T) {
	n := node(t, doc("ERRNO"))
	n.Options = []profile.Option{profile.RestrictOverlaps}
	one := func(index string) string {
		return `, "args": [{"index": ` + index + `, "op": "SCMP_CMP_GE", "value": 0}]`
	}
	artifact := parse(t, doc("ERRNO", rule("ALLOW", `"write"`, one("0")), rule("KILL_PROCESS", `"write"`, one("1"))))
	require.ErrorIs(t, n.Check(ctx, artifact), proof.ErrUndecided)
	n.OwnFilters = true
	require.NoError(t, n.Check(ctx, artifact))
}

// What is written for runc of an intersection is held to each part in the same way.
func TestProfileOfAnIntersectionThroughMultiplexers(t *testing.T) {
	both := func(members string) string {
		return strings.Replace(members, `"SCMP_ARCH_X86_64"`, `"SCMP_ARCH_X86_64", "SCMP_ARCH_X86"`, 1)
	}
	x := meet(t, &baseline.Baseline{Document: profile.DockerDefault()}, both(doc("ERRNO", rule("ALLOW", `"read", "socket", "semctl", "connect"`, ""))))
	_, err := x.Profile()
	require.NoError(t, err)
}
