// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/profile"
)

// TestDocker: "docker" is Docker's default profile to every command that takes a profile, and
// a file of that name is one only where there can be no profile.
func TestDocker(t *testing.T) {
	t.Chdir(t.TempDir())
	require.NoError(t, os.WriteFile("docker", []byte("{"), 0o666))
	for name, row := range map[string]struct {
		args   []string
		status int
		want   string // in what is printed
	}{
		"compile":          {[]string{"compile", "--format", "asm", "docker"}, 0, "; ALLOW"},
		"compile, a flag":  {[]string{"compile", "--format", "asm", "--profile", "docker"}, 0, "; ALLOW"},
		"convert":          {[]string{"convert", "--to", "docker", "docker"}, 0, `"defaultAction"`},
		"diff":             {[]string{"diff", "docker", "docker"}, 0, ""},
		"explain":          {[]string{"explain", "--profile", "docker", "unshare"}, 1, "docker-default.json: syscalls"},
		"lint":             {[]string{"lint", "docker"}, 0, "1 file: 0 errors"},
		"merge":            {[]string{"merge", "--union", "docker", "docker"}, 0, `"defaultAction"`},
		"the file":         {[]string{"compile", "./docker"}, 2, "./docker:1:2: "},
		"record, the file": {[]string{"record", "-o", "docker", "--", "true"}, statusFailed, "docker:1:2: "},
		"another dialect":  {[]string{"compile", "--dialect", "oci", "docker"}, 2, "--dialect: Docker's default profile is written in docker, not oci"},
		"lint, another":    {[]string{"lint", "--dialect", "oci", "docker"}, 2, "--dialect: Docker's default profile is written in docker, not oci"},
		"a thread":         {[]string{"compile", "--thread", "vmm", "docker"}, 2, "--thread: "},
	} {
		t.Run(name, func(t *testing.T) {
			args := append([]string{row.args[0]}, row.args[1:]...)
			if args[0] != "record" {
				args = append([]string{args[0], "--arch", "amd64"}, args[1:]...)
			}
			got := call(t, "", args...)
			assert.Equal(t, row.status, got.status, got.stderr)
			assert.Contains(t, got.stdout+got.stderr, row.want)
		})
	}
	text, err := os.ReadFile("docker")
	require.NoError(t, err)
	assert.Equal(t, "{", string(text))
}

// TestUnsayable: what a dialect cannot say is an answer, whichever command gives it.
func TestUnsayable(t *testing.T) {
	traced := write(t, "traced.json", `{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["read"], "action": "SCMP_ACT_TRACE", "errnoRet": 7}]}`)
	raw := filepath.Join(t.TempDir(), "user-notify.bpf")
	require.NoError(t, os.WriteFile(raw, []byte("\x06\x00\x00\x00\x00\x00\x00\x80"), 0o666))
	for name, args := range map[string][]string{
		"convert":   {"convert", "--arch", "amd64", "--to", "mesos", traced},
		"merge":     {"merge", "--arch", "amd64", "--union", "--to", "systemd", traced, traced},
		"decompile": {"decompile", "--arch", "amd64", raw},
	} {
		got := call(t, "", args...)
		assert.Equal(t, statusNo, got.status, "%s: %s", name, got.stderr)
		assert.Contains(t, got.stderr, "cannot say this", name)
	}
	var said bytes.Buffer
	assert.Equal(t, statusNo, status(fmt.Errorf("anywhere: %w", &profile.UnsayableError{Dialect: profile.Docker, Reasons: []string{"a reason"}}), &inputs{}, &said))
	assert.Contains(t, said.String(), "sieve: anywhere: ")
}
