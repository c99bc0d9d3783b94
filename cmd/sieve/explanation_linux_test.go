// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/internal/test/kerneltest"
)

// TestRunExplain: the command fails as it does without a report, and the report says
// which call it was, which rule, and what would allow it.
func TestRunExplain(t *testing.T) {
	kerneltest.Need(t, kerneltest.Unfiltered)
	if out, _ := exec.CommandContext(t.Context(), "unshare", "--version").CombinedOutput(); !strings.Contains(string(out), "util-linux") {
		t.Skipf("the rows hold what unshare and umount of util-linux say, this is %.60q", out)
	}
	dir := t.TempDir()
	write := func(name, text string) string {
		file := filepath.Join(dir, name)
		require.NoError(t, os.WriteFile(file, []byte(text), 0o644))
		return file
	}
	kills := write("kills.json", `{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["unshare"], "action": "SCMP_ACT_KILL_PROCESS"}]}`)
	logs := write("logs.json", `{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["uname"], "action": "SCMP_ACT_LOG"}]}`)
	traces := write("traces.json", `{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["unshare"], "action": "SCMP_ACT_TRACE"}]}`)
	tests := map[string]struct {
		args   []string
		status int
		says   []string
	}{
		"a call that fails": {[]string{"--explain", "--", "unshare", "--user", "true"}, 1,
			[]string{"unshare: unshare failed: Operation not permitted\n", "1      unshare(CLONE_NEWUSER)  ", "fails with EPERM  default  add a rule for unshare\n"}},
		"in a descendant, twice": {[]string{"--explain", "--", "sh", "-c", "unshare --user true; unshare --user true; true"}, 0,
			[]string{"2      unshare(CLONE_NEWUSER)  "}},
		"a path": {[]string{"--explain", "--", "umount", "/no/such"}, 32, []string{"umount2(\"/no/such\", 0)  "}},
		"a call that is logged": {[]string{"--explain", "--profile", logs, "--", "uname"}, 0,
			[]string{"uname(", "is allowed and logged", logs + ":1:"}},
		"nothing": {[]string{"--explain", "--", "true"}, 0, []string{"sieve: the profile denied nothing\n"}},
		"a call that kills": {[]string{"--explain", "--profile", kills, "--", "unshare", "--user", "true"}, statusSignal + int(syscall.SIGSYS),
			[]string{"sieve: a call killed the command or sent it SIGSYS: --trace names it\n"}},
		"a call that kills, traced": {[]string{"--trace", "--profile", kills, "--", "unshare", "--user", "true"}, statusSignal + int(syscall.SIGSYS),
			[]string{"unshare(CLONE_NEWUSER)", "kills the process  SIGSYS", kills + ":1:", "remove syscalls[0]\n"}},
		"a call for a tracer": {[]string{"--explain", "--profile", traces, "--", "unshare", "--user", "true"}, 1,
			[]string{"Function not implemented\nsieve: nothing that the profile denied was seen\nsieve: calls that the profile answers with TRACE are not seen"}},
		"a call for another tracer": {[]string{"--trace", "--profile", traces, "--", "unshare", "--user", "true"}, 1,
			[]string{"Function not implemented\n", "TRACE are not seen"}},
		"without a profile": {[]string{"--explain", "--profile", "unconfined", "--", "true"}, statusFailed, []string{"unconfined denies nothing"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if name == "a path" {
				kerneltest.Need(t, kerneltest.Privileges) // umount(8) asks who runs it before it calls
			}
			status, stderr := under(t, nil, append([]string{"run"}, tt.args...))
			assert.Equal(t, tt.status, status, stderr)
			for _, text := range tt.says {
				assert.Contains(t, stderr, text)
			}
		})
	}
}

func TestRunReport(t *testing.T) {
	kerneltest.Need(t, kerneltest.Unfiltered)
	file := filepath.Join(t.TempDir(), "report")
	status, stderr := under(t, nil, []string{"run", "--report", file, "--", "unshare", "--user", "true"})
	require.Equal(t, 1, status, stderr)
	assert.NotContains(t, stderr, "COUNT")
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	var row deniedJSON
	require.NoError(t, json.Unmarshal(text, &row), string(text))
	assert.Equal(t, "unshare", row.Call)
	assert.Equal(t, []string{"CLONE_NEWUSER"}, row.Args)
	assert.Equal(t, `{"names":["unshare"],"action":"SCMP_ACT_ALLOW"}`, row.Change.JSON)

	var out, errors bytes.Buffer
	status = sieve(t.Context(), []string{"sieve", "run", "--report", "-", "--", "unshare", "--user", "true"}, strings.NewReader(""), &out, &errors)
	require.Equal(t, 1, status, errors.String())
	assert.Contains(t, out.String(), `"call":"unshare"`)
}
