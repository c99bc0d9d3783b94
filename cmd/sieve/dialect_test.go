// SPDX-License-Identifier: Apache-2.0

package main

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestDialects gives every command a document of each dialect that denies unshare,
// and compares what they say.
func TestDialects(t *testing.T) {
	tests := map[string]struct {
		doc    string
		enosys string // what an unknown number gets
	}{
		"docker":      {`{"defaultAction": "SCMP_ACT_ERRNO", "syscalls": [{"names": ["read", "write"], "action": "SCMP_ACT_ALLOW"}]}`, "ERRNO(38)"},
		"podman":      {`{"defaultAction": "SCMP_ACT_ERRNO", "defaultErrno": "EPERM", "syscalls": [{"names": ["read", "write"], "action": "SCMP_ACT_ALLOW"}]}`, "ERRNO(38)"},
		"oci":         {`{"ociVersion": "1.2.0", "linux": {"seccomp": {"defaultAction": "SCMP_ACT_ERRNO", "syscalls": [{"names": ["read", "write"], "action": "SCMP_ACT_ALLOW"}]}}}`, "ERRNO(38)"},
		"mesos":       {forAgents, "ERRNO(1)"},
		"spo":         {"apiVersion: security-profiles-operator.x-k8s.io/v1\nkind: SeccompProfile\nmetadata:\n  name: p\nspec:\n  defaultAction: SCMP_ACT_ERRNO\n  syscalls:\n  - action: SCMP_ACT_ALLOW\n    names: [read, write]\n", "ERRNO(38)"},
		"systemd":     {"[Service]\nSystemCallFilter=read write\nSystemCallErrorNumber=EPERM\n", "ERRNO(38)"},
		"minijail":    {"read: 1\nwrite: 1\n", "KILL_THREAD"},
		"firecracker": {`{"vmm": {"default_action": {"errno": 1}, "filter_action": "allow", "filter": [{"syscall": "read"}, {"syscall": "write"}]}}`, "ERRNO(1)"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			file := write(t, "profile.json", tt.doc)
			flags := []string{"--profile", file, "--dialect", name, "--arch", "amd64"}
			calls := `{"arch":"amd64","nr":0}
{"arch":"amd64","nr":5000}
`
			got := call(t, calls, append([]string{"eval", "--calls", "-"}, flags...)...)
			require.Zero(t, got.status, got.stderr)
			assert.Contains(t, got.stdout, `{"action":"ALLOW","value":2147418112}`)
			assert.Contains(t, got.stdout, tt.enosys)

			filter := filepath.Join(t.TempDir(), "filter.bpf")
			require.Zero(t, call(t, "", append([]string{"compile", "--format", "raw", "-o", filter}, flags...)...).status)
			assert.Equal(t, result{}, call(t, "", append([]string{"prove", "--filter", filter}, flags...)...))
			assert.Equal(t, result{}, call(t, "", "diff", "--arch", "amd64", "--dialect", name, file, filter))
			if name != "mesos" { // which Docker could have written
				got := call(t, "", "diff", "--arch", "amd64", "--dialect", "auto", file, filter)
				assert.Equal(t, result{}, got)
			}
		})
	}
}

// TestMesosWords: an agent's message comes word for word, and then where and what to do.
func TestMesosWords(t *testing.T) {
	file := write(t, "docker.json", denyMount)
	got := call(t, "", "compile", "--profile", file, "--dialect", "mesos", "--arch", "amd64")
	assert.Equal(t, 2, got.status)
	assert.Equal(t, "sieve: Failed to parse Seccomp profile '"+file+"': Cannot determine 'archMap' for the Seccomp configuration: Not found\n"+
		"  at "+file+":1:1: archMap\n"+
		"  this is a profile for Docker: --dialect docker reads it, which no agent does\n", got.stderr)

	surprising := `{"defaultAction": "SCMP_ACT_ERRNO", "archMap": [], "syscalls": [
		{"names": ["read", "write"], "action": "SCMP_ACT_ALLOW", "args": 5, "includes": {}, "excludes": {}}]}`
	got = call(t, surprising, "compile", "--profile", "-", "--dialect", "mesos", "--arch", "amd64", "--format", "asm")
	assert.Zero(t, got.status)
	assert.Contains(t, got.stderr, "(mesos-args)")
	got = call(t, surprising, "compile", "--profile", "-", "--dialect", "mesos", "--arch", "amd64", "--strict")
	assert.Equal(t, 2, got.status)
	assert.Contains(t, got.stderr, "sieve: <stdin>:2:")
	assert.Empty(t, got.stdout)

	got = call(t, forAgents, "compile", "--profile", "-", "--dialect", "auto", "--arch", "amd64")
	assert.Zero(t, got.status)
	got = call(t, "", "compile", "--dialect", "mesos")
	assert.Contains(t, got.stderr, "Docker's default profile is written in docker, not mesos")
}
