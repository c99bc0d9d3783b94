// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestAtMost has each exit status and each way to name the two sides.
func TestAtMost(t *testing.T) {
	doc := func(name, arches, calls string) string {
		return write(t, name, fmt.Sprintf(`{"defaultAction": "SCMP_ACT_ERRNO", "architectures": [%s], "syscalls": [{"names": [%s], "action": "SCMP_ACT_ALLOW"}]}`, arches, calls))
	}
	const amd64, i386 = `"SCMP_ARCH_X86_64"`, `"SCMP_ARCH_X86_64", "SCMP_ARCH_X86"`
	small, large := doc("small.json", amd64, `"read", "write"`), doc("large.json", amd64, `"read", "write", "bpf"`)
	both := doc("both.json", i386, `"read"`)
	flags := func(name, list string) string {
		return write(t, name, `{"defaultAction": "SCMP_ACT_ERRNO", "architectures": ["SCMP_ARCH_X86_64"], "flags": [`+list+`]}`)
	}
	none, logs := flags("none.json", ""), flags("log.json", `"SECCOMP_FILTER_FLAG_LOG"`)
	policy := write(t, "a.policy", "read: 1\n")
	filter := filepath.Join(t.TempDir(), "f.bpf")
	require.Zero(t, call(t, "", "compile", "--arch", "amd64", "-o", filter, large).status)
	tests := map[string]struct {
		args     []string
		status   int
		has, not string
	}{
		"proved":                        {[]string{small, small}, 0, "", "looser"},
		"a call less":                   {[]string{large, small}, 0, "", "looser"},
		"a call more":                   {[]string{small, large}, 1, "x86_64: looser than the baseline\n  bpf\n", "opened"},
		"an ABI more":                   {[]string{small, both}, 1, "x86: looser than the baseline", "x86_64: l"},
		"an ABI that arm64 cannot run":  {[]string{"docker", "--arch", "arm64", small}, 0, "", "looser"},
		"two machines":                  {[]string{small, "--arch", "amd64,arm64", large}, 1, "on x86_64:", "on amd64"},
		"a filter":                      {[]string{small, "--filter", filter}, 1, "bpf", "web"},
		"a filter as the baseline":      {[]string{filter, small}, 0, "", "looser"},
		"a filter by its name":          {[]string{small, filter}, 1, "bpf", "web"},
		"a profile by its flag":         {[]string{small, "--profile", large}, 1, "bpf", "web"},
		"another dialect":               {[]string{policy, small}, 1, "KILL", "opened"},
		"capabilities of the baseline":  {[]string{"docker", "--cap-a", "+BPF", large}, 0, "", "looser"},
		"capabilities of the profile":   {[]string{"docker", "--cap-b", "+SYS_ADMIN", "docker"}, 1, "mount", "write"},
		"no profile":                    {[]string{small}, 2, "wants one PROFILE", ""},
		"two profiles":                  {[]string{small, large, "--filter", filter}, 2, "wants one PROFILE", ""},
		"no such file":                  {[]string{small, "nowhere.json"}, 2, "nowhere.json", ""},
		"an unknown format":             {[]string{small, large, "--format", "xml"}, 2, `unknown format "xml"`, ""},
		"standard input twice":          {[]string{small, "--arch", "amd64,arm64", "-"}, 2, "standard input is read once", ""},
		"an unknown machine":            {[]string{small, "--arch", "amd64,vax", large}, 2, "vax", ""},
		"undecided":                     {[]string{small, large, "--effort", "0"}, 2, "effort", ""},
		"a flag that loosens":           {[]string{none, flags("spec.json", `"SECCOMP_FILTER_FLAG_SPEC_ALLOW"`)}, 1, "flags: looser than the baseline\n    + SPEC_ALLOW", "x86_64"},
		"a flag that is missing":        {[]string{logs, none}, 1, "    - LOG", "x86_64"},
		"a flag more that logs":         {[]string{none, logs}, 0, "", "flags"},
		"an empty machine":              {[]string{none, "--arch", "amd64,", none}, 2, "empty name", ""},
		"standard input for both sides": {[]string{"-", "-"}, 2, "standard input is read once", ""},
		"tracing":                       {[]string{small, large, "--trace"}, 2, "--trace is not for --at-most", ""},
		"a foreign ABI on its own node": {[]string{small, "--arch", "s390x", both}, 0, "", "looser"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			args := append([]string{"prove", "--at-most"}, tt.args...)
			if !slices.Contains(args, "--arch") {
				args = append(args, "--arch", "amd64")
			}
			got := call(t, "", args...)
			require.Equal(t, tt.status, got.status, "%+v", got)
			assert.Contains(t, got.stdout+got.stderr, tt.has)
			if tt.not != "" {
				assert.NotContains(t, got.stdout, tt.not)
			}
		})
	}
	for _, flag := range []string{"--format", "--limit", "--cap-a"} {
		got := call(t, "", "prove", flag, "1", "--profile", small, "--filter", filter)
		assert.Equal(t, 2, got.status)
		assert.Contains(t, got.stderr, flag+" is for --at-most")
	}
}

func TestAtMostJSON(t *testing.T) {
	large := write(t, "large.json", `{"defaultAction": "SCMP_ACT_ERRNO", "syscalls": [{"names": ["bpf"], "action": "SCMP_ACT_ALLOW"}]}`)
	for _, tt := range []struct {
		profile string
		status  int
		atMost  bool
		changes int
	}{{large, 1, false, 1}, {"docker", 0, true, 0}} {
		got := call(t, "", "prove", "--at-most", "docker", "--arch", "amd64,s390x", "--format", "json", tt.profile)
		require.Equal(t, tt.status, got.status)
		var doc atMostDocument
		require.NoError(t, json.Unmarshal([]byte(got.stdout), &doc))
		require.Equal(t, tt.atMost, doc.AtMost)
		require.Len(t, doc.Machines, 2)
		for i, abi := range []string{"x86_64", "s390x"} {
			m := doc.Machines[i]
			require.Equal(t, abi, m.Arch)
			require.True(t, m.Complete)
			require.Equal(t, tt.atMost, m.AtMost)
			require.Len(t, m.Changes, tt.changes)
		}
		if tt.changes > 0 {
			c := doc.Machines[0].Changes[0]
			require.Equal(t, "bpf", c.Calls[0].Name)
			require.Equal(t, "ERRNO(1)", c.A.Action)
			require.Equal(t, "ALLOW", c.B.Action)
			require.Equal(t, 1, c.B.Line)
			require.NotNil(t, c.Witness)
		}
	}
}
