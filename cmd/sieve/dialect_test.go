// SPDX-License-Identifier: Apache-2.0

package main

import (
	"path/filepath"
	"strconv"
	"strings"
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
				everywhere(t, name, write(t, "profile", tt.doc), filter)
			}
		})
	}
}

// everywhere gives a document to every command that reads one, without a word on its
// dialect, and expects what is said of it with one.
func everywhere(t *testing.T, name, file, filter string) {
	t.Helper()
	const call0 = `{"arch":"amd64","nr":5000}`
	commands := map[string]func(said ...string) []string{
		"eval":    func(said ...string) []string { return append(said, "--profile", file, "--calls", "-") },
		"compile": func(said ...string) []string { return append(said, "--profile", file, "--format", "asm") },
		"explain": func(said ...string) []string { return append(said, "--profile", file, "unshare") },
		"prove":   func(said ...string) []string { return append(said, "--profile", file, "--filter", filter) },
		"diff":    func(said ...string) []string { return append(said, file, filter) },
		"merge":   func(said ...string) []string { return append(said, "--union", "--native-only", file, file) },
		"lint":    func(said ...string) []string { return append(said, file) },
		"convert": func(said ...string) []string {
			if len(said) > 0 {
				said[0] = "--from"
			}
			return append(said, "--to", name, "--resolve", file)
		},
	}
	for command, args := range commands {
		flags := []string{command, "--arch", "amd64"}
		got := call(t, call0, append(flags, args()...)...)
		want := call(t, call0, append(flags, args("--dialect", name)...)...)
		if name != "docker" {
			want.stderr = "sieve: " + file + ": read as " + name + "\n" + want.stderr
		}
		assert.Equal(t, want, got, command)
		assert.NotEqual(t, 2, got.status, "%s: %s", command, got.stderr)
	}
}

// TestHeld: a profile of Docker's is read where plain YAML holds it, with the lines
// of that document.
func TestHeld(t *testing.T) {
	const inside = "{\n  \"defaultAction\": \"SCMP_ACT_ERRNO\",\n  \"syscalls\": [\n    {\"names\": [\"read\", \"wirte\"], \"action\": \"SCMP_ACT_ALLOW\"}\n  ]\n}\n"
	indented := "    " + strings.ReplaceAll(strings.TrimSpace(inside), "\n", "\n    ") + "\n"
	tests := map[string]struct{ doc, place string }{
		"as YAML":             {"# why\ndefaultAction: SCMP_ACT_ERRNO\nsyscalls:\n- names:\n  - read\n  - wirte\n  action: SCMP_ACT_ALLOW\n", ":6:"},
		"in flow style":       {"defaultAction: SCMP_ACT_ERRNO\nsyscalls: [{names: [read, wirte], action: SCMP_ACT_ALLOW}]\n", ":2:"},
		"a ConfigMap":         {"apiVersion: v1\nkind: ConfigMap\ndata:\n  web.json: |\n" + indented, ":8:28: "},
		"a ConfigMap in JSON": {`{"kind": "ConfigMap", "data": {"web.json": ` + strconv.Quote(inside) + `}}`, ":1:"},
		"values of a chart":   {"image: x\nsecurity:\n  seccomp:\n    profile:\n      defaultAction: SCMP_ACT_ERRNO\n      syscalls:\n      - names: [read, wirte]\n        action: SCMP_ACT_ALLOW\n", ":7:"},
		"a quoted string":     {"kind: ConfigMap\ndata:\n  p: '" + strings.ReplaceAll(inside, "\n", " ") + "'\n", ":3:"},
	}
	calls := `{"arch":"amd64","nr":0}` + "\n" + `{"arch":"amd64","nr":1}` + "\n"
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			file := write(t, "held.yaml", tt.doc)
			for _, said := range [][]string{nil, {"--dialect", "docker"}} {
				if said != nil && tt.doc[0] == '{' {
					continue // an object without Docker's keys
				}
				got := call(t, calls, append([]string{"eval", "--profile", file, "--calls", "-"}, said...)...)
				assert.Zero(t, got.status, got.stderr)
				assert.Equal(t, "{\"action\":\"ALLOW\",\"value\":2147418112}\n{\"action\":\"ERRNO(1)\",\"value\":327681}\n", got.stdout)
				assert.Contains(t, got.stderr, file+tt.place)
			}
			got := call(t, "", "lint", "--fix", "--arch", "amd64", file)
			assert.Contains(t, got.stderr, "not a JSON document of its own")
		})
	}
	refused := map[string]struct{ doc, err string }{
		"two profiles":      {"kind: ConfigMap\ndata:\n  a.json: '{\"defaultAction\": \"SCMP_ACT_ALLOW\"}'\n  b.json: '{\"defaultAction\": \"SCMP_ACT_ALLOW\"}'\n", "holds 2 profiles, want one: data.a.json, data.b.json"},
		"a template":        {"kind: ConfigMap\ndata:\n{{ range }}\n", "a template, which must be filled in first"},
		"a merge key":       {"x: &x {names: [read]}\ndefaultAction: SCMP_ACT_ALLOW\nsyscalls: [{<<: *x}]\n", "line 3: merge keys are not read"},
		"broken YAML":       {"defaultAction: SCMP_ACT_ALLOW\nsyscalls: [\n", "its keys are Docker's, and as YAML it is refused"},
		"a key there twice": {"defaultAction: SCMP_ACT_ALLOW\ndefaultAction: SCMP_ACT_KILL\n", ":2:"},
		"another object":    {"kind: Pod\n", `a Kubernetes object of kind "Pod"`},
	}
	for name, tt := range refused {
		t.Run(name, func(t *testing.T) {
			got := call(t, "", "compile", "--profile", write(t, "held.yaml", tt.doc))
			assert.Equal(t, 2, got.status)
			assert.Contains(t, got.stderr, tt.err)
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
		"  this is a profile for Docker: --dialect docker reads it, which no agent does\n"+
		"    1 | {\"defaultAction\": \"SCMP_ACT_ALLOW\", \"architectures\": [\"SCMP_ARCH_X86_64\"],\n"+
		"      | ^\n", got.stderr)

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
