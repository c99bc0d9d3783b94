// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/json"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/gosieve/sieve/internal/test/shared"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// golden compares an output with a file in testdata, or with -update writes it.
func golden(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		require.NoError(t, os.WriteFile(file, []byte(got), 0o666))
	}
	want, err := os.ReadFile(file)
	require.NoError(t, err)
	assert.Equal(t, strings.ReplaceAll(string(want), "\r\n", "\n"), got, "run: go test ./cmd/sieve -run %s -update", t.Name())
}

const lintExample = "testdata/lint/profile.json"

// TestLintFormats shows the same findings in every format.
func TestLintFormats(t *testing.T) {
	for _, format := range []string{"text", "json", "sarif"} {
		got := call(t, "", "lint", "--arch", "amd64", "--format", format, lintExample)
		assert.Equal(t, 1, got.status, "%+v", got)
		assert.Empty(t, got.stderr)
		if format == "sarif" {
			got.stdout = usedRules(t, got.stdout)
		}
		golden(t, "testdata/lint/expected."+format, got.stdout)
	}
}

// usedRules is a log with the rules of its results alone: the others are a list of
// codes that has its place elsewhere.
func usedRules(t *testing.T, text string) string {
	var log sarifLog
	require.NoError(t, json.Unmarshal([]byte(text), &log))
	run := &log.Runs[0]
	all := run.Tool.Driver.Rules
	run.Tool.Driver.Rules = nil
	for i := range run.Results {
		r := &run.Results[i]
		rule := all[r.RuleIndex]
		if r.RuleIndex = slices.Index(run.Tool.Driver.Rules, rule); r.RuleIndex < 0 {
			r.RuleIndex = len(run.Tool.Driver.Rules)
			run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, rule)
		}
	}
	var b strings.Builder
	require.NoError(t, indented(&b, log))
	return b.String()
}

func TestLintStatus(t *testing.T) {
	clean := write(t, "clean.json", `{"defaultAction": "SCMP_ACT_ALLOW", "archMap": [], "syscalls": [{"names": ["bpf"], "action": "SCMP_ACT_ERRNO", "args": [], "includes": {}, "excludes": {}}]}`)
	info := write(t, "info.json", `{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["bpf", "bpf"], "action": "SCMP_ACT_ERRNO"}]}`)
	warning := write(t, "warning.json", `{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["bpf"], "action": "SCMP_ACT_KILL"}]}`)
	wrong := write(t, "error.json", `{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["bfp"], "action": "SCMP_ACT_ERRNO"}]}`)
	broken := write(t, "broken.json", `{"defaultAction": `)
	tests := map[string]struct {
		args           []string
		status         int
		stdout, stderr string
	}{
		"nothing":               {[]string{clean}, 0, "1 file: 0 errors, 0 warnings, 0 notes\n", ""},
		"a note":                {[]string{info}, 0, `info.json:1:68: info: "bpf" stands in the list before (duplicate-name)`, ""},
		"a note that counts":    {[]string{"--fail-on", "info", info}, 1, "duplicate-name", ""},
		"hidden, but it counts": {[]string{"--fail-on", "info", "--severity", "warning", info}, 1, "1 file: 0 errors, 0 warnings, 0 notes\n", ""},
		"a warning":             {[]string{warning}, 1, "(kill-thread)", ""},
		"a warning to bear":     {[]string{"--fail-on", "error", warning}, 0, "(kill-thread)", ""},
		"an error":              {[]string{"--fail-on", "error", wrong}, 1, `error: unknown system call "bfp", nearest is "bpf"`, ""},
		"no JSON":               {[]string{broken}, 1, "broken.json:1:19: error: unexpected end of the document", ""},
		"several":               {[]string{clean, info, warning, wrong}, 1, "4 files: 1 error, 1 warning,", ""},
		"no such file":          {[]string{clean, "nowhere.json", info}, 2, "2 files:", "nowhere.json"},
		"no document":           {[]string{write(t, "x", "no profile at all")}, 2, "", "no document of a known dialect"},
		"no file":               {nil, 2, "", "want a FILE"},
		"no such severity":      {[]string{"--fail-on", "never", clean}, 2, "", `--fail-on: unknown severity "never", want info, warning or error`},
		"no such format":        {[]string{"--format", "xml", clean}, 2, "", "want text, json or sarif"},
		"Docker's default":      {[]string{"docker"}, 0, "docker-default.json:", ""},
		"a strict reading":      {[]string{"--strict", warning}, 1, "error: SCMP_ACT_KILL", ""},
		"narrow":                {[]string{"--args", "narrow", lintExample}, 1, "", ""},
		"Docker's is no file":   {[]string{"--fix", "docker"}, 2, "", "docker stands for no file"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got := call(t, "", append([]string{"lint", "--arch", "amd64"}, tt.args...)...)
			assert.Equal(t, tt.status, got.status, "%+v", got)
			assert.Contains(t, got.stdout, tt.stdout)
			assert.Contains(t, got.stderr, tt.stderr)
			assert.NotContains(t, got.stdout, "\x1b", "colours are for terminals")
		})
	}
	assert.NotContains(t, call(t, "", "lint", "--arch", "amd64", "--args", "narrow", lintExample).stdout, "wide-")
}

// TestLintControls: a document does not drive the terminal.
func TestLintControls(t *testing.T) {
	for _, dialect := range []string{"docker", "mesos"} {
		got := call(t, `{"defaultAction": "SCMP_ACT_\u001b[31m\u009b\n", "syscalls": []}`, "lint", "--dialect", dialect, "-")
		assert.Equal(t, 1, got.status)
		assert.NotContains(t, got.stdout, "\x1b", dialect)
		assert.NotContains(t, got.stdout, "\u009b", dialect)
		assert.Equal(t, 1, strings.Count(got.stdout, "error: "), "%s", got.stdout)
		assert.LessOrEqual(t, strings.Count(got.stdout, "\n"), 5, "%s", got.stdout)
	}
}

func TestLintStdin(t *testing.T) {
	got := call(t, `{"defaultAction": "SCMP_ACT_KILL", "syscalls": 1}`, "lint", "-")
	assert.Equal(t, result{1, "<stdin>:1:48: error: got a number, want a list (wrong-type)\n" +
		"    1 | {\"defaultAction\": \"SCMP_ACT_KILL\", \"syscalls\": 1}\n      |                                                ^\n1 file: 1 error, 0 warnings, 0 notes\n", ""}, got)
}

// TestLintDialects: each dialect's own findings, the dialect told by the file.
func TestLintDialects(t *testing.T) {
	podman := write(t, "podman.json", `{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["bpf"], "action": "SCMP_ACT_ERRNO", "errno": "ENOENT"}]}`)
	got := call(t, "", "lint", podman)
	assert.Contains(t, got.stdout, "(podman-errno)")
	fire := write(t, "fire.json", `{"vmm": {"default_action": "trap", "filter_action": "allow", "filter": [{"syscall": "socket", "args": [{"index": 0, "type": "qword", "op": "gt", "val": 40}]}]},
		"api": {"default_action": "trap", "filter_action": "allow", "filter": [{"syscall": "read"}]}}`)
	got = call(t, "", "lint", "--arch", "amd64", fire)
	assert.Contains(t, got.stdout, "socket(0x100000000) on x86_64 gets ALLOW, but the kernel reads only 32 bits of argument 0")
	assert.Equal(t, 1, strings.Count(got.stdout, "wide-bypass"), got.stdout)
	const object = "apiVersion: security-profiles-operator.x-k8s.io/v1\nkind: SeccompProfile\nmetadata:\n  name: p\nspec:\n  defaultAction: SCMP_ACT_ALLOW\n" +
		"  syscalls:\n  - action: SCMP_ACT_ERRNO\n    names: [socket]\n    args:\n    - {index: 0, op: SCMP_CMP_EQ, value: 38}\n"
	file := write(t, "two.yaml", object+"---\n"+object)
	got = call(t, "", "lint", "--arch", "amd64", file)
	assert.Equal(t, 2, strings.Count(got.stdout, "(wide-bypass)"), got.stdout)
	assert.Contains(t, got.stdout, "two.yaml:11:7: error: socket(0x100000026)")
	assert.Contains(t, got.stdout, "two.yaml:23:7: error: socket(0x100000026)")
	got = call(t, "", "lint", "--dialect", "mesos", "--arch", "amd64", lintExample)
	assert.Equal(t, 1, got.status)
	assert.Contains(t, got.stdout, "(mesos-refused)")
}

// TestLintMesos: what an agent says of documents for others.
func TestLintMesos(t *testing.T) {
	got := call(t, "", "lint", "--arch", "amd64", "docker")
	assert.NotContains(t, got.stdout, "differs-mesos", "its text is not at hand")
	file := write(t, "d.json", `{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["bpf"], "action": "SCMP_ACT_ERRNO"}]}`)
	got = call(t, "", "lint", "--arch", "amd64", file)
	assert.Contains(t, got.stdout, "info: a Mesos agent refuses the document: Cannot determine 'archMap' for the Seccomp configuration: Not found (differs-mesos)")
	file = write(t, "e.json", `{"defaultAction": "SCMP_ACT_ALLOW", "archMap": [], "syscalls": [{"names": ["bpf"], "action": "SCMP_ACT_ERRNO", "errnoRet": 38, "args": [], "includes": {}, "excludes": {}}]}`)
	got = call(t, "", "lint", "--arch", "amd64", file)
	assert.Contains(t, got.stdout, "decides otherwise on bpf; bpf gets ERRNO(1), not ERRNO(38) (differs-mesos)")
	file = write(t, "f.json", `{"defaultAction": "SCMP_ACT_ALLOW", "archMap": [], "syscalls": [{"names": ["bpf"], "action": "SCMP_ACT_ERRNO", "args": [], "includes": {}, "excludes": {}}]}`)
	got = call(t, "", "lint", "--arch", "amd64", file)
	assert.NotContains(t, got.stdout, "differs-mesos")
}

func TestLintFix(t *testing.T) {
	const before = "{\"DefaultAction\": \"SCMP_ACT_ALLOW\",\n\t\"syscalls\": [ {\"names\": [\"bpf\", \"bpf\"], \"action\": \"SCMP_ACT_ERRNO\"} ]\n}\n"
	const after = "{\"defaultAction\": \"SCMP_ACT_ALLOW\",\n\t\"syscalls\": [ {\"names\": [\"bpf\"], \"action\": \"SCMP_ACT_ERRNO\"} ]\n}\n"
	file := write(t, "fix.json", before)
	require.NoError(t, os.Chmod(file, 0o640))
	link := filepath.Join(t.TempDir(), "link.json")
	require.NoError(t, os.Symlink(file, link))
	got := call(t, "", "lint", "--fix", link)
	assert.Equal(t, 0, got.status, "%+v", got)
	assert.Contains(t, got.stderr, "link.json: mended 2 places: duplicate-name, key-case\n")
	assert.NotContains(t, got.stdout, "key-case")
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	assert.Equal(t, after, string(text))
	info, err := os.Lstat(link)
	require.NoError(t, err)
	assert.NotZero(t, info.Mode()&os.ModeSymlink, "the link is still one")
	if info, err = os.Stat(file); runtime.GOOS != "windows" {
		require.NoError(t, err)
		assert.Equal(t, os.FileMode(0o640), info.Mode())
	}
	names, err := filepath.Glob(filepath.Join(filepath.Dir(file), ".*"))
	require.NoError(t, err)
	assert.Empty(t, names, "nothing is left beside it")

	got = call(t, before, "lint", "--fix", "-")
	assert.Equal(t, after, got.stdout)
	assert.Contains(t, got.stderr, "<stdin>: mended 2 places")

	got = call(t, "{", "lint", "--fix", "-")
	assert.Equal(t, 1, got.status)
	assert.Equal(t, "{", got.stdout)

	swapped := write(t, "swapped.json", `{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["clone"], "action": "SCMP_ACT_ERRNO", "args": [{"index": 0, "value": 0, "valueTwo": 6, "op": "SCMP_CMP_MASKED_EQ"}]}]}`)
	got = call(t, "", "lint", "--fix", swapped)
	assert.Equal(t, 1, got.status)
	assert.Contains(t, got.stdout, "(mask-zero)")
	got = call(t, "", "lint", "--fix", "--unsafe", swapped)
	assert.NotContains(t, got.stdout, "(mask-zero)")
	assert.Contains(t, got.stderr, "mended 1 place: mask-zero")
}

// TestSARIF holds what is written to what SARIF 2.1.0 requires (the schema's required
// properties and enumerations), and to what services make of it.
func TestSARIF(t *testing.T) {
	dir := t.TempDir()
	spaced := filepath.Join(dir, "a profile.json")
	text, err := os.ReadFile(lintExample)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(spaced, text, 0o666))
	got := call(t, "", "lint", "--format", "sarif", "--arch", "amd64", lintExample, spaced, "docker")
	require.Equal(t, 1, got.status)
	var log sarifLog
	d := json.NewDecoder(strings.NewReader(got.stdout))
	d.DisallowUnknownFields()
	require.NoError(t, d.Decode(&log))
	assert.Equal(t, "2.1.0", log.Version)
	require.Len(t, log.Runs, 1)
	run := log.Runs[0]
	assert.Equal(t, "sieve", run.Tool.Driver.Name)
	assert.Contains(t, []string{"utf16CodeUnits", "unicodeCodePoints"}, run.ColumnKind)
	ids := map[string]bool{}
	for _, rule := range run.Tool.Driver.Rules {
		assert.NotEmpty(t, rule.ID)
		assert.False(t, ids[rule.ID], "%s is there twice", rule.ID)
		ids[rule.ID] = true
		assert.NotEmpty(t, rule.ShortDescription.Text, rule.ID)
		assert.NotEmpty(t, rule.Help.Text, rule.ID)
	}
	require.Greater(t, len(run.Results), 20)
	prints := map[string]bool{}
	for _, r := range run.Results {
		require.Less(t, r.RuleIndex, len(run.Tool.Driver.Rules))
		require.GreaterOrEqual(t, r.RuleIndex, 0)
		assert.Equal(t, r.RuleID, run.Tool.Driver.Rules[r.RuleIndex].ID)
		assert.Contains(t, []string{"none", "note", "warning", "error"}, r.Level)
		assert.NotEmpty(t, r.Message.Text)
		require.Len(t, r.Locations, 1)
		where := r.Locations[0].Physical
		assert.Positive(t, where.Region.StartLine)
		assert.Positive(t, where.Region.StartColumn)
		u, err := url.Parse(where.Artifact.URI)
		require.NoError(t, err)
		assert.NotContains(t, where.Artifact.URI, " ")
		assert.True(t, u.Scheme == "" || u.Scheme == "file", where.Artifact.URI)
		key := where.Artifact.URI + r.RuleID + r.Fingerprints["sieve/v1"]
		assert.False(t, prints[key], "a fingerprint twice: %+v", r)
		prints[key] = true
	}
}

// TestSARIFFingerprints stay when lines and rules come before a finding.
func TestSARIFFingerprints(t *testing.T) {
	prints := func(text string) map[string]string {
		file := write(t, "p.json", text)
		var log sarifLog
		require.NoError(t, json.Unmarshal([]byte(call(t, "", "lint", "--format", "sarif", "--arch", "amd64", file).stdout), &log))
		found := map[string]string{}
		for _, r := range log.Runs[0].Results {
			if strings.HasPrefix(r.RuleID, "wide-") || r.RuleID == "mask-zero" || r.RuleID == "key-case" {
				found[r.RuleID] = r.Fingerprints["sieve/v1"]
			}
		}
		return found
	}
	text, err := os.ReadFile(lintExample)
	require.NoError(t, err)
	before := prints(string(text))
	assert.Len(t, before, 3)
	after := prints(strings.Replace(string(text), `"syscalls": [`, "\"syscalls\": [\n\n\t{\"names\": [\"getpid\"], \"action\": \"SCMP_ACT_ALLOW\"},", 1))
	assert.Equal(t, before, after)
}

// TestLintCorpus: every file of the corpus is read without trouble, or is no document
// of a dialect that can be told.
func TestLintCorpus(t *testing.T) {
	files := 0
	for _, pattern := range []string{"docker/*.json", "containers-common/*.json", "oci/*.json", "mesos/*.json", "firecracker/*.json", "malformed/*.json"} {
		for _, file := range shared.Glob(t, "data/profiles/"+pattern) {
			got := call(t, "", "lint", "--arch", "amd64", "--format", "json", file)
			assert.Less(t, got.status, 2, "%s: %s", file, got.stderr)
			assert.True(t, json.Valid([]byte(got.stdout)), file)
			files++
		}
	}
	assert.Greater(t, files, 60)
}

// TestLintForArtifact: what runtimes refuse of a profile that comes from a registry is an
// error, in the OCI format alone.
func TestLintForArtifact(t *testing.T) {
	artifact := `{"defaultAction": "SCMP_ACT_ERRNO", "listenerPath": "/a", "syscalls": [{"names": ["read", "raed"], "action": "SCMP_ACT_ALLOW"}, {"names": ["mkdir"], "action": "SCMP_ACT_NOTIFY"}]}`
	file := write(t, "artifact.json", artifact)
	got := call(t, "", "lint", "--arch", "amd64", "--for", "artifact", "--severity", "error", file)
	require.Equal(t, 1, got.status)
	for _, code := range []string{"artifact-listener", "unknown-syscall", "artifact-notify"} {
		assert.Contains(t, got.stdout, "("+code+")")
	}
	got = call(t, "", "lint", "--arch", "amd64", "--severity", "error", "--fail-on", "error", file)
	require.Equal(t, result{stdout: "1 file: 0 errors, 0 warnings, 0 notes\n"}.status, got.status, got.stdout)
	got = call(t, artifact+strings.Repeat(" ", 1<<20), "lint", "--arch", "amd64", "--for", "artifact", "--format", "json", "-")
	assert.Contains(t, got.stdout, "artifact-size")
	tests := map[string]struct {
		args   []string
		status int
		output string
	}{
		"Docker's keys":       {[]string{"docker"}, 1, "(docker-key)"},
		"a broken document":   {[]string{write(t, "broken.json", `{"defaultAction": 1}`)}, 1, "(wrong-type)"},
		"another format":      {[]string{write(t, "a.policy", "read: 1\n")}, 2, `"sieve convert --to oci" writes one`},
		"another use":         {[]string{"--for", "nothing", file}, 2, `unknown use "nothing"`},
		"mending":             {[]string{"--fix", file}, 2, "exclude each other"},
		"nothing to complain": {[]string{"--severity", "error", "--fail-on", "error", write(t, "good.json", `{"defaultAction": "SCMP_ACT_ERRNO"}`)}, 0, "0 errors"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got := call(t, "", append([]string{"lint", "--arch", "amd64", "--for", "artifact"}, tt.args...)...)
			require.Equal(t, tt.status, got.status, "%+v", got)
			assert.Contains(t, got.stdout+got.stderr, tt.output)
		})
	}
}
