// SPDX-License-Identifier: Apache-2.0

package grant

import (
	"encoding/json"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/errnos"
	"github.com/gosieve/sieve/internal/test/shared"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/proof"
)

// rewritten is a document with a change as a person would write it, from its place and its
// JSON alone; false for changes of the target, of several rules and of ABIs.
func rewritten(t *testing.T, p *profile.Profile, c *Change) (*profile.Profile, bool) {
	t.Helper()
	q := *p
	q.Syscalls = slices.Clone(p.Syscalls)
	number, _, _ := strings.Cut(strings.TrimPrefix(c.Place.Path, "syscalls["), "]")
	i, err := strconv.Atoi(number)
	kinds := []Kind{AddRule, WidenCondition, RemoveName, AllowInstead, AnswerENOSYS}
	if err != nil || !slices.Contains(kinds, c.Kind) || strings.Contains(c.Text, "and remove") {
		return nil, false
	}
	var lines []string
	if c.JSON != "" {
		lines = strings.Split(c.JSON, "\n")
	}
	rules := make([]profile.Rule, len(lines))
	for j, line := range lines {
		var doc profile.Profile
		require.NoError(t, json.Unmarshal([]byte(`{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [`+line+"]}"), &doc))
		rules[j] = doc.Syscalls[0]
	}
	q.Syscalls = slices.Concat(p.Syscalls[:i], rules, p.Syscalls[min(i+1, len(p.Syscalls)):])
	return &q, true
}

// TestChangesAllowNoMore writes every change that is proposed for calls of some
// profiles: the call is then allowed, or for AnswerENOSYS answered so, and beside it
// nothing is but calls of the rule that is changed.
func TestChangesAllowNoMore(t *testing.T) {
	done := map[Kind]int{}
	for _, pattern := range []string{"data/profiles/docker/moby-default-*", "data/profiles/docker/zaz*", "data/profiles/oci/*", "cases/*"} {
		for _, file := range shared.Glob(t, pattern+".json") {
			text, err := os.ReadFile(file)
			require.NoError(t, err)
			p, err := profile.Parse(text, profile.File("p.json"))
			if err != nil {
				continue
			}
			for _, a := range []arch.Arch{arch.X86_64, arch.MIPS64} {
				before, _, err := p.Resolve(onDocker(a))
				if err != nil {
					continue
				}
				for _, name := range []string{"clone", "clone3", "statx", "openat2", "unshare", "socket", "chmod", "mount", "io_uring_setup"} {
					c := callOf(t, a, name, 0x10000000)
					changes, err := Changes(p, onDocker(a), c)
					require.NoError(t, err)
					for _, change := range changes {
						q, ok := rewritten(t, p, &change)
						if !ok {
							continue
						}
						done[change.Kind]++
						after, _, err := q.Resolve(onDocker(a))
						require.NoError(t, err)
						holdChange(t, &change, &c, before, after)
					}
				}
			}
		}
	}
	for _, kind := range []Kind{AddRule, RemoveName, WidenCondition, AnswerENOSYS} {
		assert.Positive(t, done[kind], kind)
	}
	t.Log(done)
}

func holdChange(t *testing.T, change *Change, c *seccomp.Call, before, after *seccomp.Policy) {
	t.Helper()
	abi, _ := arch.Of(c.Audit, c.Nr)
	got := after.Evaluate(c)
	if change.Kind == AnswerENOSYS {
		assert.Equal(t, errnos.ENOSYS(abi), got, change.Text)
	} else {
		assert.True(t, got.Runs(), "%s: %v", change.Text, got)
	}
	for set, err := range proof.Diff(proof.Of(before), proof.Of(after)) {
		require.NoError(t, err)
		if set.B.Denies() || !set.A.Denies() {
			continue
		}
		assert.NotEqual(t, AnswerENOSYS, change.Kind, "%s allows %v", change.Text, set)
		for _, name := range set.Names {
			if mux, _, ok := set.ABI.Multiplexer(lastName(abi, c.Nr)); ok && mux == name {
				continue
			}
			assert.True(t, name == lastName(abi, c.Nr) || strings.Contains(change.JSON, strconv.Quote(name)), "%s allows %v", change.Text, set)
		}
	}
}

// lastName is the name of a number.
func lastName(a arch.Arch, nr uint32) string {
	name, _ := a.Name(nr)
	return name
}

// onDocker is a target with Docker's capabilities.
func onDocker(a arch.Arch) profile.Target {
	return profile.Target{Arch: a, Kernel: arch.Newest, Caps: profile.DockerCaps()}
}
