// SPDX-License-Identifier: Apache-2.0

package main

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestLeftBehind: what a command leaves behind has the same results under a
// supervisor as without, and a signal ends the waiting for it, not the recording.
func TestLeftBehind(t *testing.T) {
	dir := t.TempDir()
	logs, out, recording := filepath.Join(dir, "logs.json"), filepath.Join(dir, "out"), filepath.Join(dir, "recording.json")
	require.NoError(t, os.WriteFile(logs, []byte(`{"defaultAction": "SCMP_ACT_LOG", "syscalls": [{"names": ["unshare"], "action": "SCMP_ACT_ERRNO", "errnoRet": 13}]}`), 0o644))
	const quiet = " </dev/null >/dev/null 2>&1 & exit 3"
	finishes := "(sleep 0.5; unshare --user true 2>" + out + ".error; echo $? >" + out + ")" + quiet
	signals := "(sleep 0.5; kill -TERM $PPID; exec sleep 20)" + quiet
	const notice = "sieve: waiting for processes that the command has left behind"
	tests := map[string]struct {
		args     []string
		finished bool
		says     string
	}{
		"explained":            {[]string{"run", "--explain", "--profile", logs, "--", "sh", "-c", finishes}, true, notice},
		"recorded":             {[]string{"record", "-o", recording, "--", "sh", "-c", finishes}, true, notice},
		"explained, a signal":  {[]string{"run", "--explain", "--profile", logs, "--", "sh", "-c", signals}, false, notice},
		"recorded, a signal":   {[]string{"record", "-o", recording, "--", "sh", "-c", signals}, false, notice},
		"neither, no waiting":  {[]string{"run", "--profile", logs, "--", "sh", "-c", "sleep 20" + quiet}, false, ""},
		"nothing to supervise": {[]string{"run", "--explain", "--profile", logs, "--", "sh", "-c", "exit 3"}, false, "COUNT"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			os.Remove(out)
			os.Remove(recording)
			begun := time.Now()
			status, stderr := under(t, nil, tt.args)
			assert.Equal(t, 3, status, stderr)
			assert.Less(t, time.Since(begun), 15*time.Second)
			assert.Contains(t, stderr, tt.says)
			if tt.finished {
				assert.FileExists(t, out)
			}
			if tt.args[0] == "record" {
				assert.FileExists(t, recording)
			}
		})
	}
	denied, err := os.ReadFile(out + ".error")
	require.NoError(t, err)
	assert.NotContains(t, string(denied), "not implemented")
}
