// SPDX-License-Identifier: Apache-2.0

package main

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestStdinTwice: standard input is one document. A second reader would find it empty, and a
// program that pipes calls would get no answer.
func TestStdinTwice(t *testing.T) {
	for _, args := range [][]string{
		{"diff", "-", "-"}, {"merge", "--union", "-", "-"}, {"report", "-o", "-", "--against", "-", "-"},
		{"eval", "--profile", "-", "--calls", "-"}, {"lint", "-", "-"},
	} {
		got := call(t, `{"defaultAction": "SCMP_ACT_ALLOW"}`, args...)
		assert.Equal(t, 2, got.status, "%v", args)
		assert.Contains(t, got.stderr, "standard input can be read once, and two files are -", args)
	}
}

// TestStdin: every command calls standard input the same in what it says.
func TestStdin(t *testing.T) {
	dir := t.TempDir()
	policy := write(t, "x.policy", "read: 1\n")
	app := write(t, "app.json", `{"id": "/web", "cmd": "true"}`)
	for name, row := range map[string]struct {
		stdin string
		args  []string
		want  string
	}{
		"compile":               {"{", []string{"compile", "-"}, "<stdin>:1:2: "},
		"compile, of minijail":  {"@", []string{"compile", "--dialect", "minijail", "-"}, "<stdin>:1:1: "},
		"compile, constants":    {"{", []string{"compile", "--dialect", "minijail", "--constants", "-", policy}, "<stdin>:1:1: "},
		"convert":               {"{", []string{"convert", "--to", "oci", "-"}, "<stdin>:1:2: "},
		"decompile":             {"\x00", []string{"decompile", "-"}, "<stdin>: invalid program"},
		"diff, a filter":        {"\x00", []string{"diff", "-", "docker"}, "<stdin>: a binary file, want a profile or a raw filter"},
		"diff, a profile":       {"{", []string{"diff", "-", "docker"}, "<stdin>:1:2: "},
		"disasm":                {"\x00", []string{"disasm", "-"}, "<stdin>: invalid program"},
		"eval":                  {"x", []string{"eval", "--calls", "-"}, "<stdin>:1: call: "},
		"eval, a profile":       {"{", []string{"eval", "--calls", policy, "--profile", "-"}, "<stdin>:1:2: "},
		"explain":               {"{", []string{"explain", "--profile", "-", "read"}, "<stdin>:1:2: "},
		"explain, a log":        {"type=1326 audit(1:1): arch=zz", []string{"explain", "--audit", "-"}, "<stdin>:1: a record of seccomp"},
		"lint":                  {"{", []string{"lint", "-"}, "<stdin>:1:2: "},
		"lint, not mended":      {"read: 1\n", []string{"lint", "--fix", "-"}, "<stdin>: --fix: "},
		"marathon, an app":      {"{", []string{"marathon", "check", "--seccomp-config-dir", dir, "-"}, "<stdin>:1:2: "},
		"marathon, twice":       {`{"id": "/web", "cmd": "true"}`, []string{"marathon", "check", "--seccomp-config-dir", dir, app, "-"}, "<stdin>: error: /web is defined twice"},
		"marathon, calls":       {"x", []string{"marathon", "check", "--seccomp-config-dir", dir, "--record", "-", app}, "<stdin>:1: call: "},
		"merge":                 {"{", []string{"merge", "--union", "docker", "-"}, "<stdin>:1:2: "},
		"merge, other flags":    {`{"defaultAction": "SCMP_ACT_ERRNO", "flags": ["SECCOMP_FILTER_FLAG_LOG"]}`, []string{"merge", "--union", "--to", "docker", "docker", "-"}, "<stdin>: other flags"},
		"prove":                 {"\x00", []string{"prove", "--filter", "-"}, "<stdin>: invalid program"},
		"record, a base":        {"{", []string{"record", "--base", "-", "-o", "-", "--", "true"}, "<stdin>:1:2: "},
		"record, another's":     {"read: 1\n", []string{"record", "--base", "-", "-o", "-", "--", "true"}, "<stdin>: a minijail document"},
		"run":                   {"{", []string{"run", "--profile", "-", "--", "true"}, "<stdin>:1:2: "},
		"nothing known of text": {"hello", []string{"compile", "-"}, "<stdin>: no document of a known dialect"},
	} {
		t.Run(name, func(t *testing.T) {
			args := row.args
			if args[0] != "run" && args[0] != "record" && args[0] != "marathon" && args[0] != "lint" {
				args = append([]string{args[0], "--arch", "amd64"}, args[1:]...)
			}
			got := call(t, row.stdin, args...)
			said := got.stdout + got.stderr
			assert.Contains(t, said, row.want)
			assert.NotRegexp(t, `(?m)(^|[ "])-: |(^|[ "])-:\d`, said)
		})
	}
}
