// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestReplaceFile: a file is replaced with its mode, a new one is what the umask
// makes of it, a link stays one, and nothing is left where it cannot be done.
func TestReplaceFile(t *testing.T) {
	defer syscall.Umask(syscall.Umask(0o027))
	dir := t.TempDir()
	file, link, lost := filepath.Join(dir, "file"), filepath.Join(dir, "link"), filepath.Join(dir, "lost")
	require.NoError(t, os.Symlink("file", link))
	require.NoError(t, os.Symlink("nowhere/at/all", lost))
	mode := func() os.FileMode {
		info, err := os.Lstat(file)
		require.NoError(t, err)
		return info.Mode()
	}

	require.NoError(t, replaceable(file))
	require.NoError(t, replaceFile(file, []byte("a")))
	assert.Equal(t, os.FileMode(0o640), mode())
	require.NoError(t, os.Chmod(file, 0o604))
	require.NoError(t, replaceable(link))
	require.NoError(t, replaceFile(link, []byte("b")))
	assert.Equal(t, os.FileMode(0o604), mode())
	text, err := os.ReadFile(link)
	require.NoError(t, err)
	assert.Equal(t, "b", string(text))
	target, err := os.Readlink(link)
	require.NoError(t, err)
	assert.Equal(t, "file", target)
	assert.NoError(t, replaceable(os.DevNull))
	assert.NoError(t, replaceFile(os.DevNull, []byte("c")))

	open, err := os.OpenFile(file, os.O_WRONLY|os.O_APPEND, 0)
	require.NoError(t, err)
	defer open.Close()
	self := fmt.Sprintf("/proc/self/fd/%d", open.Fd())
	assert.NoError(t, replaceable(self))
	assert.NoError(t, replaceFile(self, []byte("!")))
	_, err = open.WriteString("?")
	require.NoError(t, err)
	text, err = os.ReadFile(file)
	require.NoError(t, err)
	assert.Equal(t, "b!?", string(text), "the file that is open")

	for sentence, name := range map[string]string{
		"a directory":          dir,
		"a link to nowhere":    lost,
		"a folder not there":   filepath.Join(dir, "no", "file"),
		"a file for a folder":  filepath.Join(file, "file"),
		"a name that is empty": "",
	} {
		assert.Error(t, replaceable(name), sentence)
		assert.Error(t, replaceFile(name, []byte("d")), sentence)
	}
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	assert.Len(t, entries, 3)
}

// TestCannotRun: commands that are not there, or are no programs, end with the
// statuses of env(1) however they are run, and leave no profile of a run that was none.
func TestCannotRun(t *testing.T) {
	dir := t.TempDir()
	garbage, text, profile := filepath.Join(dir, "garbage"), filepath.Join(dir, "text"), filepath.Join(dir, "profile.json")
	require.NoError(t, os.WriteFile(garbage, []byte("garbage"), 0o755))
	require.NoError(t, os.WriteFile(text, []byte("text"), 0o644))
	ways := map[string][]string{
		"run":        {"run"},
		"explain":    {"run", "--explain"},
		"unconfined": {"run", "--profile", "unconfined"},
		"record":     {"record", "-o", profile},
	}
	for way, args := range ways {
		for command, want := range map[string]int{
			"no-such-command":            statusNotFound,
			filepath.Join(dir, "no"):     statusNotFound,
			filepath.Join(text, "below"): statusCannot,
			garbage:                      statusCannot,
			text:                         statusCannot,
			dir:                          statusCannot,
		} {
			status, stderr := under(t, nil, append(append([]string{}, args...), "--", command))
			assert.Equal(t, want, status, "%s %s: %s", way, command, stderr)
			assert.Contains(t, stderr, command)
			assert.NoFileExists(t, profile)
		}
	}
	folder := filepath.Join(dir, "report.json")
	require.NoError(t, os.Mkdir(folder, 0o755))
	marker := filepath.Join(dir, "marker")
	for _, args := range [][]string{
		{"record", "-o", filepath.Join(dir, "no", "profile.json")},
		{"record", "-o", ""},
		{"run", "--report", folder},
	} {
		status, stderr := under(t, nil, append(args, "--", "touch", marker))
		assert.Equal(t, statusFailed, status, stderr)
		assert.Contains(t, stderr, args[2])
		assert.NoFileExists(t, marker, "a run that cannot be written down was made")
	}
	fifo := filepath.Join(dir, "fifo")
	require.NoError(t, syscall.Mkfifo(fifo, 0o600))
	read := make(chan string)
	go func() {
		text, _ := os.ReadFile(fifo)
		read <- string(text)
	}()
	status, stderr := under(t, nil, []string{"record", "-o", fifo, "--", "true"})
	assert.Zero(t, status, stderr)
	assert.Contains(t, <-read, "SCMP_ACT_ALLOW", "a pipe was read for an earlier run")
}
