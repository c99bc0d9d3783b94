// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/audit"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/seccomp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const auditExample = "testdata/audit/profile.json"

// TestAuditFormats shows the same answers in every format.
func TestAuditFormats(t *testing.T) {
	for _, format := range []string{"text", "json", "sarif"} {
		got := call(t, "", "audit", "--arch", "amd64", "--format", format, "--require", "mount,bpf", auditExample)
		assert.Equal(t, 1, got.status, "%+v", got)
		assert.Equal(t, "sieve: --require: mount is supervised\n", got.stderr)
		if format == "sarif" {
			got.stdout = usedRules(t, got.stdout)
		}
		golden(t, "testdata/audit/expected."+format, got.stdout)
	}
}

// TestAuditStatus: reports are no gates, gates fail closed, and trouble is 2.
func TestAuditStatus(t *testing.T) {
	const none = `{"defaultAction": "SCMP_ACT_ERRNO", "architectures": ["SCMP_ARCH_X86_64"], "syscalls": [`
	raw := func(t *testing.T) string {
		out := call(t, "", "compile", "--arch", "amd64", "--format", "raw", "--profile", auditExample)
		require.Zero(t, out.status, out.stderr)
		return out.stdout
	}(t)
	tests := map[string]struct {
		stdin          string
		args           []string
		status         int
		stdout, stderr string
	}{
		"a report":                {"", []string{auditExample}, 0, "39 questions: ", ""},
		"Docker's default":        {"", []string{"docker"}, 0, "docker-default.json:", ""},
		"with a capability":       {"", []string{"--cap", "CAP_SYS_ADMIN", "--require", "mount", "docker"}, 1, "mount(...) on x86_64, x86, x32", "--require: mount is reached"},
		"a gate":                  {"", []string{"--require", "bpf, kexec", auditExample}, 0, "", ""},
		"a gate that is shut":     {"", []string{"--require", "bpf,af-vsock,user-namespaces", auditExample}, 1, "af-vsock          sockets to the hypervisor (AF_VSOCK) (required)", "--require: user-namespaces is reached and af-vsock is reached"},
		"a supervisor":            {"", []string{"--require", "mount", auditExample}, 1, "USER_NOTIF by ", "mount is supervised"},
		"all":                     {"", []string{"--require", "all", auditExample}, 1, "", "keyrings is reached"},
		"all are closed":          {none + `]}`, []string{"--require", "all", "-"}, 0, "39 closed", ""},
		"standard input":          {none + `{"names": ["bpf"], "action": "SCMP_ACT_ALLOW"}]}`, []string{"-"}, 0, "<stdin>:1:", ""},
		"a raw filter":            {raw, []string{"--require", "bpf", "-"}, 0, "the filter", ""},
		"a raw filter's gate":     {raw, []string{"--require", "high-half", "-"}, 1, "socket(0x100000028 (AF_VSOCK), ...), though not socket(AF_VSOCK, ...),", "high-half is reached"},
		"no such question":        {"", []string{"--require", "af-vsok", "docker"}, 2, "", `unknown question "af-vsok"; did you mean "af-vsock"?`},
		"no question":             {"", []string{"--require", "", "docker"}, 2, "", "--require: want QUESTIONS"},
		"nothing to close":        {"", []string{"--close", ",", "docker"}, 2, "", "--close: want QUESTIONS"},
		"no such format":          {"", []string{"--format", "xml", "docker"}, 2, "", "want text, json or sarif"},
		"no such file":            {"", []string{"nowhere.json"}, 2, "", "nowhere.json"},
		"no profile":              {"", nil, 2, "", "want one profile or filter"},
		"two profiles":            {"", []string{"docker", "docker"}, 2, "", "want one profile or filter"},
		"a process and a profile": {"", []string{"--pid", "1", "docker"}, 2, "", "beside --pid"},
		"a broken profile":        {`{"defaultAction": `, []string{"-"}, 2, "", "<stdin>"},
		"nothing":                 {"", []string{"-"}, 2, "", "<stdin>"},
		"the questions":           {"", []string{"--list"}, 0, "af-alg: sockets of the kernel's cryptography (AF_ALG)\n", ""},
		"closed and a gate":       {"", []string{"--close", "bpf", "--require", "bpf", "docker"}, 2, "", "--close writes a profile: it excludes --require"},
		"closed and a format":     {"", []string{"--close", "bpf", "--format", "json", "docker"}, 2, "", "--close writes a profile: it excludes --require and --format"},
		"the questions of a file": {"", []string{"--list", "docker"}, 2, "", "--list is of no profile"},
		"the questions, a gate":   {"", []string{"--list", "--require", "bpf"}, 2, "", "--list is of no profile"},
		"the questions as SARIF":  {"", []string{"--list", "--format", "sarif"}, 2, "", "want text or json"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got := call(t, tt.stdin, append([]string{"audit", "--arch", "amd64"}, tt.args...)...)
			assert.Equal(t, tt.status, got.status, "%+v", got)
			assert.Contains(t, got.stdout, tt.stdout)
			assert.Contains(t, got.stderr, tt.stderr)
			assert.NotContains(t, got.stdout, "\x1b", "colours are for terminals")
		})
	}
}

// TestAuditStack: a stack of filters lets through what all of its programs do.
func TestAuditStack(t *testing.T) {
	name := t.TempDir() + "/stack"
	for i, denied := range []string{"bpf", "kexec_load"} {
		p := write(t, "p.json", `{"defaultAction": "SCMP_ACT_ALLOW", "architectures": ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_X32"],
			"syscalls": [{"names": ["`+denied+`", "kexec_file_load"], "action": "SCMP_ACT_ERRNO"}]}`)
		got := call(t, "", "compile", "--arch", "amd64", "--format", "raw", "-o", stackName(name, i), "--profile", p)
		require.Zero(t, got.status, got.stderr)
	}
	got := call(t, "", "audit", "--arch", "amd64", "--require", "bpf,kexec", name)
	assert.Zero(t, got.status, "%+v", got)
	got = call(t, "", "audit", "--arch", "amd64", "--require", "bpf,kexec", stackName(name, 0))
	assert.Equal(t, "sieve: --require: kexec is reached\n", got.stderr)
}

// TestAuditUndecided: a gate on what was not decided is not open, and one on something else is
// not shut.
func TestAuditUndecided(t *testing.T) {
	ask := func(required ...string) error {
		a := &audited{required: required}
		for _, id := range []string{"bpf", "setns", "kexec", "swap"} {
			q, _ := audit.Find(id)
			a.answers = append(a.answers, audit.Answer{Question: q, Verdict: audit.Closed})
		}
		a.answers[1].Verdict, a.answers[1].Err = audit.Undecided, assert.AnError
		a.answers[2].Verdict = audit.Reached
		return a.status()
	}
	var own *statusError
	for _, tt := range []struct {
		required []string
		no       bool
		want     string
	}{
		{nil, false, "not decided: setns"},
		{[]string{"bpf", "swap"}, false, ""},
		{[]string{"bpf", "setns"}, false, "not decided: setns"},
		{[]string{"setns", "kexec"}, true, "--require: kexec is reached"},
	} {
		err := ask(tt.required...)
		assert.Equal(t, tt.no, errors.As(err, &own), "%v", tt.required)
		if tt.want == "" {
			assert.NoError(t, err)
		} else {
			assert.ErrorContains(t, err, tt.want)
		}
	}
}

// TestAuditClose: what --close writes closes, as a second document that is merged.
func TestAuditClose(t *testing.T) {
	closing := call(t, "", "audit", "--arch", "amd64", "--close", "all", "docker")
	require.Zero(t, closing.status, closing.stderr)
	doc, err := profile.Parse([]byte(closing.stdout))
	require.NoError(t, err)
	assert.Equal(t, []string{"SCMP_ARCH_X86_64"}, doc.Architectures)
	policy, _, err := doc.Resolve(profile.Target{Arch: arch.X86_64, Kernel: arch.Newest})
	require.NoError(t, err)
	for name, want := range map[string]seccomp.Action{"ptrace": seccomp.Errno(1), "read": seccomp.Allow, "bpf": seccomp.Allow} {
		nr, _ := arch.X86_64.Number(name)
		assert.Equal(t, want, policy.Evaluate(&seccomp.Call{Audit: arch.X86_64.Audit(), Nr: nr}), name)
	}
	one := call(t, "", "audit", "--arch", "amd64", "--close", "ptrace,bpf", "docker")
	assert.NotContains(t, one.stdout, "bpf", "it is closed")
	assert.Equal(t, 1, strings.Count(one.stdout, "SCMP_ACT_ERRNO"))
}

// TestAuditList: every question with what a reader wants to know.
func TestAuditList(t *testing.T) {
	var list []auditQuestion
	require.NoError(t, json.Unmarshal([]byte(call(t, "", "audit", "--list", "--format", "json").stdout), &list))
	require.Len(t, list, len(audit.Questions()))
	text := call(t, "", "audit", "--list").stdout
	for _, q := range list {
		assert.Contains(t, text, q.ID+": "+q.Title+"\n    "+q.Reason+"\n    "+q.References[0].URL)
	}
}

// TestAuditControls: a document does not drive the terminal.
func TestAuditControls(t *testing.T) {
	name := t.TempDir() + "/a\x1b[31m.json"
	require.NoError(t, os.WriteFile(name, []byte(`{"defaultAction": "SCMP_ACT_ALLOW"}`), 0o666))
	got := call(t, "", "audit", "--arch", "amd64", name)
	assert.Zero(t, got.status, got.stderr)
	assert.NotContains(t, got.stdout, "\x1b")
}

// TestAuditDocument keeps the list of questions in docs/audit.md as the table has it.
func TestAuditDocument(t *testing.T) {
	const file, head, end = "../../docs/audit.md", "<!-- questions -->\n", "<!-- end -->\n"
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	before, rest, ok := strings.Cut(string(text), head)
	require.True(t, ok)
	_, after, ok := strings.Cut(rest, end)
	require.True(t, ok)
	var b strings.Builder
	b.WriteString("| question | what can be done | why that matters |\n|---|---|---|\n")
	for _, q := range audit.Questions() {
		var links []string
		for _, r := range q.References {
			links = append(links, "["+r.Name+"]("+r.URL+")")
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s: %s |\n", q.ID, q.Title, q.Reason, strings.Join(links, ", "))
	}
	golden(t, file, before+head+b.String()+end+after)
}

// TestAuditEval: eval reads the calls that were found, by number and name, and answers as the
// report says.
func TestAuditEval(t *testing.T) {
	var doc auditDocument
	require.NoError(t, json.Unmarshal([]byte(call(t, "", "audit", "--arch", "amd64", "--format", "json", auditExample).stdout), &doc))
	var in, want strings.Builder
	for _, a := range doc.Answers {
		for _, f := range a.Found {
			line, err := json.Marshal(f.Call)
			require.NoError(t, err)
			in.Write(append(line, '\n'))
			fmt.Fprintf(&want, "{\"action\":%q,\"value\":%d}\n", f.Action, f.Value)
			byName := strings.Replace(string(line), fmt.Sprintf("\"nr\":%d,", f.Call.Nr), "", 1)
			in.WriteString(byName + "\n")
			fmt.Fprintf(&want, "{\"action\":%q,\"value\":%d}\n", f.Action, f.Value)
		}
	}
	got := call(t, in.String(), "eval", "--arch", "amd64", "--profile", auditExample, "--calls", "-")
	assert.Zero(t, got.status, got.stderr)
	assert.Equal(t, want.String(), got.stdout)
}

// TestAuditSARIF: what code scanning needs of a log: a rule for each result, a place, and
// fingerprints that tell results apart and survive a move.
func TestAuditSARIF(t *testing.T) {
	read := func(name string) []sarifResult {
		var log sarifLog
		got := call(t, "", "audit", "--arch", "amd64", "--format", "sarif", "--require", "mount", name)
		require.NoError(t, json.Unmarshal([]byte(got.stdout), &log), got.stderr)
		rules := log.Runs[0].Tool.Driver.Rules
		require.Len(t, rules, len(audit.Questions()))
		seen := map[string]bool{}
		for _, r := range log.Runs[0].Results {
			assert.Equal(t, rules[r.RuleIndex].ID, r.RuleID)
			assert.NotEmpty(t, rules[r.RuleIndex].HelpURI)
			assert.Positive(t, r.Locations[0].Physical.Region.StartLine)
			assert.Equal(t, map[bool]string{true: "error", false: "warning"}[r.RuleID == "mount"], r.Level, r.RuleID)
			assert.False(t, seen[r.Fingerprints["sieve/v1"]], r.RuleID)
			seen[r.Fingerprints["sieve/v1"]] = true
		}
		return log.Runs[0].Results
	}
	text, err := os.ReadFile(auditExample)
	require.NoError(t, err)
	here, there := read(write(t, "p.json", string(text))), read(write(t, "p.json", "\n\n"+string(text)))
	require.Len(t, there, len(here))
	for i := range here {
		assert.Equal(t, here[i].Fingerprints, there[i].Fingerprints, here[i].RuleID)
		assert.Equal(t, here[i].Locations[0].Physical.Region.StartLine+2, there[i].Locations[0].Physical.Region.StartLine, here[i].RuleID)
	}
	raw := call(t, "", "compile", "--arch", "amd64", "--format", "raw", "--profile", auditExample).stdout
	assert.Len(t, read(write(t, "filter.bpf", raw)), len(here))
}

// Docker takes archMap or architectures, not both.
func TestAuditClosesForeignABIs(t *testing.T) {
	for list, want := range map[string]string{
		`"architectures": ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86"]`:                                   "      closed by \"architectures\": [\"SCMP_ARCH_X86_64\"]\n",
		`"archMap": [{"architecture": "SCMP_ARCH_X86_64", "subArchitectures": ["SCMP_ARCH_X86"]}]`: "      closed by \"architectures\": [\"SCMP_ARCH_X86_64\"] in place of \"archMap\", beside which it is not taken\n",
	} {
		got := call(t, `{"defaultAction": "SCMP_ACT_ALLOW", `+list+`}`, "audit", "--arch", "amd64", "-")
		require.Zero(t, got.status, "%+v", got)
		require.Contains(t, got.stdout, want)
	}
}
