// SPDX-License-Identifier: Apache-2.0

package main

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// found is a document that tells its dialect, and which that is. Each allows read and write.
type found struct{ file, doc, dialect string }

// foundDocuments are documents in every dialect, in each form that Detect knows.
func foundDocuments() map[string]found {
	const family = `"defaultAction": "SCMP_ACT_ERRNO", "syscalls": [{"names": ["read", "write"], "action": "SCMP_ACT_ALLOW"}]`
	const yaml = "defaultAction: SCMP_ACT_ERRNO\nsyscalls:\n- names: [read, write]\n  action: SCMP_ACT_ALLOW\n"
	config := "kind: ConfigMap\napiVersion: v1\ndata:\n  web.json: |\n    {" + family + "}\n"
	return map[string]found{
		"docker":                        {"p.json", "{" + family + "}", "docker"},
		"docker without an extension":   {"p", "{" + family + "}", "docker"},
		"docker as YAML":                {"p.yaml", yaml, "docker"},
		"podman":                        {"p.json", `{"defaultErrno": "EPERM", ` + family + "}", "podman"},
		"oci, a whole configuration":    {"config.json", `{"ociVersion": "1.2.0", "linux": {"seccomp": {` + family + `}}}`, "oci"},
		"oci, its linux part":           {"p", `{"linux": {"seccomp": {` + family + `}}}`, "oci"},
		"oci, seccomp alone":            {"p.json", `{"listenerPath": "", ` + family + "}", "docker"},
		"mesos, as Docker may write it": {"p.json", forAgents, "docker"},
		"spo":                           {"p.yaml", "apiVersion: security-profiles-operator.x-k8s.io/v1\nkind: SeccompProfile\nmetadata:\n  name: p\nspec:\n  " + strings.ReplaceAll(strings.TrimSpace(yaml), "\n", "\n  ") + "\n", "spo"},
		"spo in JSON":                   {"p.json", `{"apiVersion": "security-profiles-operator.x-k8s.io/v1", "kind": "SeccompProfile", "metadata": {"name": "p"}, "spec": {` + family + `}}`, "spo"},
		"systemd, a unit":               {"p.service", "[Service]\nSystemCallFilter=read write\nSystemCallErrorNumber=EPERM\n", "systemd"},
		"systemd, a list":               {"p", "@basic-io read write\n", "systemd"},
		"minijail":                      {"p.policy", "read: 1\nwrite: 1\n", "minijail"},
		"minijail without an extension": {"p", "# a policy\nread: 1\nwrite: 1\n", "minijail"},
		"firecracker":                   {"p.json", `{"vmm": {"default_action": {"errno": 1}, "filter_action": "allow", "filter": [{"syscall": "read"}, {"syscall": "write"}]}}`, "firecracker"},
		"a ConfigMap":                   {"p.yaml", config, "docker"},
		"a ConfigMap in JSON":           {"p.json", `{"kind": "ConfigMap", "data": {"web.json": ` + strconv.Quote("{"+family+"}") + `}}`, "docker"},
		"values of a chart":             {"values.yaml", "image: x\nsecurity:\n  seccomp:\n    " + strings.ReplaceAll(strings.TrimSpace(yaml), "\n", "\n    ") + "\n", "docker"},
	}
}

// TestAuto gives every command a document of every dialect without a word on the dialect, as a
// file and on standard input: it is read, what was found is said once on standard error where
// it is not docker, and never on standard output. Whoever says the dialect is told nothing.
func TestAuto(t *testing.T) {
	calls := write(t, "calls.json", `{"arch":"amd64","nr":0}`)
	like := write(t, "like.json", `{"defaultAction": "SCMP_ACT_ERRNO", "syscalls": [{"names": ["read", "write"], "action": "SCMP_ACT_ALLOW"}]}`)
	for name, f := range foundDocuments() {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			file, raw := filepath.Join(dir, f.file), filepath.Join(dir, "filter.bpf")
			require.NoError(t, os.WriteFile(file, []byte(f.doc), 0o666))
			require.Zero(t, call(t, "", "compile", "--arch", "amd64", "--format", "raw", "-o", raw, file).status)
			for command, row := range map[string]struct {
				args   []string // "@" is the document
				stdout string
				status int
			}{
				"compile":             {[]string{"compile", "--format", "asm", "@"}, "; ALLOW", 0},
				"compile, a flag":     {[]string{"compile", "--format", "asm", "--profile", "@"}, "; ALLOW", 0},
				"eval":                {[]string{"eval", "--calls", calls, "--profile", "@"}, `"ALLOW"`, 0},
				"explain":             {[]string{"explain", "--profile", "@", "read"}, "is allowed", 0},
				"prove":               {[]string{"prove", "--filter", raw, "--profile", "@"}, "", 0},
				"diff":                {[]string{"diff", "@", raw}, "", 0},
				"diff, behind":        {[]string{"diff", raw, "@"}, "", 0},
				"merge":               {[]string{"merge", "--union", "--native-only", "--foreign-kills", "--to-enosys", "off", "--to", "oci", "@", "@"}, "SCMP_ACT_ALLOW", 0},
				"audit":               {[]string{"audit", "--format", "json", "@"}, "{", 0},
				"report":              {[]string{"report", "-o", filepath.Join(dir, "page.html"), "@"}, "", 0},
				"prove, at most":      {[]string{"prove", "--at-most", "@", raw}, "", 0},
				"merge, intersected":  {[]string{"merge", "--intersect", "--native-only", "--format", "asm", like, "@"}, "; ALLOW", 0},
				"convert":             {[]string{"convert", "--to", f.dialect, "--resolve", "@"}, "read", 0},
				"lint":                {[]string{"lint", "--fail-on", "error", "--severity", "error", "@"}, "1 file: 0 errors", 0},
				"lint, for a program": {[]string{"lint", "--fail-on", "error", "--format", "json", "@"}, `"findings"`, 0},
			} {
				for _, way := range []string{"file", "stdin"} {
					named, stdin := file, ""
					args := []string{row.args[0], "--arch", "amd64"}
					if way == "stdin" {
						named, stdin = "-", f.doc
						if command == "merge" {
							continue // standard input is read once
						}
					}
					for _, a := range row.args[1:] {
						args = append(args, strings.ReplaceAll(a, "@", named))
					}
					got := call(t, stdin, args...)
					require.Equal(t, row.status, got.status, "%s, %s: %+v", command, way, got)
					assert.Contains(t, got.stdout, row.stdout, "%s, %s", command, way)
					said := strings.Count(got.stderr, "sieve: "+shown(named)+": read as "+f.dialect+"\n")
					if f.dialect == "docker" || command == "lint, for a program" {
						assert.NotContains(t, got.stderr, "read as", "%s, %s", command, way)
					} else {
						assert.Equal(t, 1, said, "%s, %s: %s", command, way, got.stderr)
					}
					assert.NotContains(t, got.stdout, "read as")
				}
			}
			got := call(t, "", "compile", "--arch", "amd64", "--format", "asm", "--dialect", f.dialect, file)
			if f.doc[0] != '{' || f.dialect != "docker" || name == "docker" { // an object in JSON is a profile of its own
				assert.Zero(t, got.status, got.stderr)
			}
			assert.NotContains(t, got.stderr, "read as")
		})
	}
}
