// SPDX-License-Identifier: Apache-2.0

package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// reported is the page that "sieve report" writes to standard output.
func reported(t *testing.T, stdin string, args ...string) string {
	t.Helper()
	got := call(t, stdin, append([]string{"report"}, args...)...)
	require.Zero(t, got.status, got.stderr)
	require.True(t, strings.HasPrefix(got.stdout, "<!doctype html>"))
	return got.stdout
}

// TestReport: a page for whatever decides calls, the same bytes each time.
func TestReport(t *testing.T) {
	page := reported(t, "", "--arch", "amd64", "docker")
	assert.Equal(t, page, reported(t, "", "--arch", "x86_64,amd64", "docker"), "one machine, twice")
	out := filepath.Join(t.TempDir(), "report.html")
	require.Equal(t, result{}, call(t, "", "report", "docker", "--arch", "amd64", "-o", out))
	text, err := os.ReadFile(out)
	require.NoError(t, err)
	assert.Equal(t, page, string(text))
	assert.NotContains(t, page, filepath.Dir(out))

	three := reported(t, "", "--arch", "amd64,arm64,s390x", "docker")
	assert.Less(t, len(three), 1_000_000, "Docker's default on three machines")
	for _, abi := range []string{"x86_64", "x86", "x32", "aarch64", "arm", "s390x", "s390"} {
		assert.Contains(t, three, `{"name":"`+abi+`","machine":`)
	}
}

// TestReportInputs: files, standard input, filters and stacks; places have the names that were given.
func TestReportInputs(t *testing.T) {
	profile := write(t, "web.json", `{"defaultAction": "SCMP_ACT_ERRNO", "syscalls": [{"names": ["read", "write"], "action": "SCMP_ACT_ALLOW"}]}`)
	t.Chdir(filepath.Dir(profile))
	page := reported(t, "", "--arch", "amd64", "web.json")
	assert.Contains(t, page, `{"name":"web.json","dialect":"docker"`)
	assert.Contains(t, page, `"path":"syscalls[0]"`)
	assert.NotContains(t, page, filepath.Dir(profile), "no paths of the machine")
	text, err := os.ReadFile(profile)
	require.NoError(t, err)
	assert.Contains(t, reported(t, string(text), "--arch", "amd64", "-"), `{"name":"\u003cstdin\u003e","dialect":"docker"`)

	require.Zero(t, call(t, "", "compile", "--arch", "arm64", "-o", "web.bpf", "web.json").status)
	page = reported(t, "", "web.bpf")
	assert.Contains(t, page, `{"name":"web.bpf","machines":[{"arch":"aarch64"`)
	assert.NotContains(t, page, `"lines":[`)
	require.NoError(t, os.Rename("web.bpf", "stack.bpf.0"))
	assert.Contains(t, reported(t, "", "stack.bpf"), `{"name":"stack.bpf","machines":[{"arch":"aarch64"`)

	// A side of the comparison may be either; the filter is the profile's own.
	assert.Contains(t, reported(t, "", "--against", "web.json", "stack.bpf"), `"against":{"name":"web.json","changes":[]}`)
	assert.Contains(t, reported(t, "", "--arch", "arm64", "--against", "stack.bpf", "web.json"), `"against":{"name":"stack.bpf","changes":[]}`)
	page = reported(t, "", "--arch", "amd64,arm64", "--against", "docker", "web.json")
	assert.Contains(t, page, `"against":{"name":"docker-default.json","changes":[{"machine":0,"abi":"x86_64","direction":"closed"`)
	assert.Contains(t, page, `{"machine":1,"abi":"aarch64","direction":"closed"`)

	threads := write(t, "threads.json", `{
		"vmm": {"default_action": "trap", "filter_action": "allow", "filter": [{"syscall": "read"}]},
		"api": {"default_action": "kill_process", "filter_action": "allow", "filter": [{"syscall": "write"}]}}`)
	page = reported(t, "", "--arch", "amd64", threads)
	assert.Contains(t, page, `"machines":[{"thread":"vmm","arch":"x86_64"`)
	assert.Contains(t, page, `{"thread":"api","arch":"x86_64"`)
	assert.Contains(t, reported(t, "", "--arch", "amd64", "--against", threads, threads), `"changes":[]`)
	page = reported(t, "", "--arch", "amd64", "--thread", "api", threads)
	assert.NotContains(t, page, `"thread":"vmm"`)

	unit := write(t, "x.service", "[Service]\nSystemCallFilter=@basic-io\n")
	assert.Contains(t, reported(t, "", "--arch", "amd64", unit), `"dialect":"systemd"`)
}

// TestReportRefuses: what cannot be shown is an error with its place, and no file is written.
func TestReportRefuses(t *testing.T) {
	out := filepath.Join(t.TempDir(), "report.html")
	broken := write(t, "broken.json", `{"defaultAction": "SCMP_ACT_NOTHING"}`)
	for want, args := range map[string][]string{
		"want one FILE":            nil,
		"one FILE, docker or -":    {"docker", "docker"},
		"broken.json:1:19":         {broken},
		"--arch: ":                 {"--arch", "amd64,vax", "docker"},
		"no such file":             {"nothing.json"},
		"--kernel: ":               {"--kernel", "x", "docker"},
		"unknown mode \"nothing\"": {"--enosys", "nothing", "docker"},
	} {
		got := call(t, "", append([]string{"report", "-o", out}, args...)...)
		assert.Equal(t, statusTrouble, got.status, args)
		assert.Contains(t, got.stderr, want)
		assert.Empty(t, got.stdout)
	}
	assert.NoFileExists(t, out)
}
