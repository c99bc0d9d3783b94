// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/docker"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/profile/dialect"
	"github.com/gosieve/sieve/seccomp"
)

// changedDefault is Docker's default with the kinds of changes that reviewers see: a call that
// is new in the list, and a rule that has lost its condition on an argument.
func changedDefault(t *testing.T) string {
	text := string(docker.Default())
	replace := func(old, new string) {
		require.Equal(t, 1, strings.Count(text, old), old)
		text = strings.Replace(text, old, new, 1)
	}
	replace("\t\t\t\t\"utime\",\n", "\t\t\t\t\"userfaultfd\",\n\t\t\t\t\"utime\",\n")
	const clone = "\"clone\"\n\t\t\t],\n\t\t\t\"action\": \"SCMP_ACT_ALLOW\",\n\t\t\t\"args\": [\n\t\t\t\t{\n\t\t\t\t\t\"index\": 0,\n"
	at := strings.Index(text, clone)
	require.Positive(t, at)
	args := at + strings.Index(text[at:], "\t\t\t\"args\"")
	end := args + strings.Index(text[args:], "],\n") + len("],\n")
	return text[:args] + text[end:]
}

// TestDiffReview: a change to Docker's default and a capability more, reviewed in each format.
// Every witness gets the answers that the review says, from both sides.
func TestDiffReview(t *testing.T) {
	const changed = "testdata/diff/changed.json"
	golden(t, changed, changedDefault(t))
	for format, file := range map[string]string{"text": "review.txt", "json": "review.json", "markdown": "review.md"} {
		got := call(t, "", "diff", "--arch", "amd64", "--cap-b", "+SYS_TIME", "--format", format, "docker", changed)
		require.Equal(t, statusNo, got.status, got.stderr)
		require.Empty(t, got.stderr)
		golden(t, filepath.Join("testdata/diff", file), got.stdout)
	}
	a := resolvedFor(t, string(docker.Default()), profile.DockerCaps())
	b := resolvedFor(t, changedDefault(t), append(profile.DockerCaps(), "CAP_SYS_TIME"))
	var doc reviewDocument
	text, err := os.ReadFile("testdata/diff/review.json")
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(text, &doc))
	assert.True(t, doc.Complete)
	assert.False(t, doc.Equal)
	names := map[string]bool{}
	for _, c := range doc.Changes {
		abi, err := arch.Parse(c.Witness.Arch)
		require.NoError(t, err)
		require.Equal(t, abi.String(), c.Arch)
		witness := &seccomp.Call{Audit: abi.Audit(), Nr: c.Witness.Nr, Args: c.Witness.Args}
		for i, x := range []reviewAnswer{c.A, c.B} {
			d := []*seccomp.Policy{a, b}[i].Explain(witness)
			require.Equal(t, uint32(d.Action), x.Value)
			require.Equal(t, d.Action.String(), x.Action)
			if d.By == seccomp.ByRule {
				origin := []*seccomp.Policy{a, b}[i].Rules[d.Rule].Origin
				require.Equal(t, []int{d.Rule, origin.Line, origin.Column}, []int{*x.Rule, x.Line, x.Column})
			}
		}
		for _, call := range c.Calls {
			names[call.Name] = true
		}
	}
	assert.Equal(t, map[string]bool{"userfaultfd": true, "clone": true, "settimeofday": true, "clock_settime": true, "stime": true, "clock_settime64": true}, names)
}

// resolvedFor is a document of Docker's for x86_64.
func resolvedFor(t *testing.T, text string, caps []string) *seccomp.Policy {
	doc, err := dialect.Parse([]byte(text), profile.In(profile.Docker))
	require.NoError(t, err)
	p, _, err := doc.Resolve(profile.Target{Arch: arch.X86_64, Kernel: arch.Newest, Caps: caps})
	require.NoError(t, err)
	return p
}

// TestDiffSides: what is asked for one side alone, and what is seen then.
func TestDiffSides(t *testing.T) {
	threads := write(t, "vm.json", `{
		"vmm": {"default_action": "trap", "filter_action": "allow", "filter": [{"syscall": "read"}]},
		"vcpu": {"default_action": "trap", "filter_action": "allow", "filter": [{"syscall": "read"}, {"syscall": "ioctl", "args": [{"index": 1, "type": "dword", "op": "eq", "val": 21522}]}]}}`)
	narrow := write(t, "narrow.json", `{"defaultAction": "SCMP_ACT_ERRNO", "archMap": [{"architecture": "SCMP_ARCH_X86_64"}],
		"syscalls": [{"names": ["socket"], "action": "SCMP_ACT_ALLOW", "args": [{"index": 0, "value": 2, "op": "SCMP_CMP_EQ"}]}]}`)
	tests := map[string]struct {
		args   []string
		status int
		want   string
	}{
		"a capability more":    {[]string{"--cap-b", "+CAP_SYSLOG", "docker", "docker"}, 1, "x86_64, x86, x32: opened\n  syslog\n"},
		"one less":             {[]string{"--cap-a=-SYS_CHROOT", "docker", "docker"}, 1, "--- docker --cap -SYS_CHROOT\n+++ docker\n\nx86_64, x86, x32: opened\n  chroot\n"},
		"more than --cap says": {[]string{"--cap", "SYSLOG", "--cap-b", "+SYS_CHROOT", "docker", "docker"}, 1, ": opened\n  chroot\n"},
		"the same by name":     {[]string{"--cap", "+SYSLOG", "--cap-b", "+SYSLOG", "docker", "docker"}, 0, ""},
		"all of them":          {[]string{"--cap-a", "", "--cap-b", "ALL", "docker", "docker"}, 1, "+++ docker --cap ALL\n\n"},
		"a kernel":             {[]string{"--kernel-a", "4.4", "docker", "docker"}, 1, "process_vm_readv, process_vm_writev, ptrace\n"},
		"threads":              {[]string{"--thread-a", "vmm", "--thread-b", "vcpu", threads, threads}, 1, "  ioctl(*, TIOCSTI, *)\n    - TRAP(0)  default action\n    + ALLOW    "},
		"a dialect":            {[]string{"--dialect-a", "docker", "--dialect-b", "podman", narrow, narrow}, 0, ""},
		"widths":               {[]string{"--args-b", "narrow", narrow, narrow}, 1, "  socket(bits 32..63 not 0 and bits 0..31 AF_INET, *)\n    - ERRNO(EPERM)  default action\n    + ALLOW         "},
		"modes of ENOSYS":      {[]string{"--enosys-a", "off", "docker", "docker"}, 1, "numbers without a name: 472 up to x32's (0x40000000)\n    - ERRNO(EPERM)   default action\n    + ERRNO(ENOSYS)  calls that the profile does not know\n"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got := call(t, "", append([]string{"diff", "--arch", "amd64"}, tt.args...)...)
			require.Equal(t, tt.status, got.status, got.stderr)
			require.Contains(t, got.stdout, tt.want)
			require.NotContains(t, got.stderr, "sieve: --cap")
		})
	}
	got := call(t, "", "diff", "--arch", "amd64", "--cap-b", "CAP_SYSLOG", "docker", "docker")
	assert.Equal(t, "sieve: --cap-b CAP_SYSLOG is that capability alone: +CAP_SYSLOG adds it to Docker's 14\n", got.stderr)
	assert.Contains(t, got.stdout, "1 call opened, 1 closed,")
	for _, bad := range [][2]string{
		{"--cap-b=+NO_SUCH", `B (--cap +NO_SUCH): --cap: unknown capability "NO_SUCH"`},
		{"--cap-b=+", `B (--cap +): --cap: unknown capability ""`},
		{"--kernel-a=x", "A (--kernel x): --kernel: "},
		{"--dialect-b=dokcer", `B (--dialect dokcer): --dialect: unknown dialect "dokcer"`},
		{"--format=markdwon", `--format: unknown format "markdwon", want text, json or markdown; did you mean "markdown"?`},
		{"--limit=-1", "want 0 or more"},
	} {
		got := call(t, "", "diff", bad[0], "docker", "docker")
		assert.Equal(t, 2, got.status, bad)
		assert.Contains(t, got.stderr, bad[1])
	}
}

// TestDiffForms: kinds of differences, each as short as it can be said.
func TestDiffForms(t *testing.T) {
	document := func(arches, fallback, rules string) string {
		return write(t, "profile.json", `{"defaultAction": "`+fallback+`", "architectures": [`+arches+`], "syscalls": [`+rules+`]}`)
	}
	const x64, both, allow, deny = `"SCMP_ARCH_X86_64"`, `"SCMP_ARCH_X86_64", "SCMP_ARCH_AARCH64"`, "SCMP_ACT_ALLOW", "SCMP_ACT_ERRNO"
	rules := func(action string, names ...string) string {
		return `{"names": ["` + strings.Join(names, `", "`) + `"], "action": "` + action + `"}`
	}
	tests := map[string]struct {
		a, b string
		want []string
	}{
		"every call of an ABI":   {document(x64, allow, ""), document(x64, deny, ""), []string{"x86_64: closed\n  all calls\n"}},
		"every call of two ABIs": {document(both, allow, ""), document(both, deny, ""), []string{"x86_64, aarch64: closed\n  all calls\n"}},
		"an ABI that one side does not list": {document(x64, deny, rules(allow, "read", "write")), document(both, deny, rules(allow, "read", "write")),
			[]string{"aarch64: opened\n  calls of an ABI that only B lists (--format json has each)\n    - KILL_THREAD  architecture not listed\n    + ERRNO(EPERM) for ", "ALLOW for 2 calls"}},
		"another errno": {document(x64, deny, ""), document(x64, "SCMP_ACT_ERRNO", `{"names": ["read"], "action": "SCMP_ACT_ERRNO", "errnoRet": 38}`),
			[]string{"x86_64: changed otherwise\n  read\n    - ERRNO(EPERM)   default action\n    + ERRNO(ENOSYS)  "}},
		"in every direction": {document(x64, deny, rules(allow, "read", "write")), document(x64, deny, rules("SCMP_ACT_LOG", "read")+","+rules(allow, "close")+","+`{"names": ["open"], "action": "SCMP_ACT_ERRNO", "errnoRet": 2}`),
			[]string{"x86_64: opened\n  close\n", "x86_64: closed\n  read\n", "x86_64: changed otherwise\n  open\n", "1 call opened, 2 closed, 1 changed otherwise\n"}},
		"many calls with one condition": {document(x64, deny, ""), document(x64, deny, `{"names": ["read", "write", "readv", "writev", "close"], "action": "SCMP_ACT_ALLOW", "args": [{"index": 0, "value": 3, "op": "SCMP_CMP_EQ"}]}`),
			[]string{"  close, read, readv, write, writev, each with arguments (3, *)\n"}},
		"rules that decide parts": {document(x64, deny, ""), document(x64, deny, `{"names": ["socket"], "action": "SCMP_ACT_ALLOW", "args": [{"index": 0, "value": 1, "op": "SCMP_CMP_EQ"}]},
			{"names": ["socket"], "action": "SCMP_ACT_ALLOW", "args": [{"index": 0, "value": 2, "op": "SCMP_CMP_EQ"}]}`), []string{"socket({AF_UNIX, AF_INET}, *)\n", ", for others 1 more rule\n"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got := call(t, "", "diff", "--arch", "amd64", "--enosys", "off", "--dialect", "oci", tt.a, tt.b)
			require.Equal(t, 1, got.status, got.stderr)
			for _, want := range tt.want {
				require.Contains(t, got.stdout, want)
			}
			if !strings.HasPrefix(name, "in every") {
				require.Equal(t, 1, strings.Count(got.stdout, "\n\nx86_64")+strings.Count(got.stdout, "\n\naarch64: "), got.stdout)
			}
		})
	}
}

// TestDiffHostile: names of files are no markup and steer no terminal.
func TestDiffHostile(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "a|b\\|`<script>` @all\x1b[31m\u202e.json")
	require.NoError(t, os.WriteFile(name, []byte(denyMount), 0o600))
	other := write(t, "other.json", `{"defaultAction": "SCMP_ACT_ALLOW", "architectures": ["SCMP_ARCH_X86_64"]}`)
	for _, format := range []string{"text", "markdown"} {
		got := call(t, "", "diff", "--arch", "amd64", "--format", format, name, other)
		require.Equal(t, 1, got.status, got.stderr)
		assert.NotContains(t, got.stdout, "\x1b")
		assert.NotContains(t, got.stdout, "\u202e")
		if format == "markdown" {
			assert.NotContains(t, got.stdout, "<script>")
			assert.NotContains(t, got.stdout, "@all")
			for line := range strings.Lines(got.stdout) {
				if strings.HasPrefix(line, "|") {
					assert.Equal(t, 4, strings.Count(line, "|"), line)
				}
			}
		}
	}
	got := call(t, "", "diff", "--arch", "amd64", "--format", "json", name, other)
	var doc reviewDocument
	require.NoError(t, json.Unmarshal([]byte(got.stdout), &doc))
	assert.Equal(t, name, doc.A)
	assert.Equal(t, name, doc.Changes[0].A.File)
	// A comment is as long as a comment may be.
	many := `{"defaultAction": "SCMP_ACT_ALLOW", "architectures": ["SCMP_ARCH_X86_64"], "syscalls": [`
	for i := range 400 {
		many += `{"names": ["socket"], "action": "SCMP_ACT_ERRNO", "errnoRet": ` + strconv.Itoa(i+1) + `, "args": [{"index": 1, "value": ` + strconv.Itoa(3*i) + `, "op": "SCMP_CMP_EQ"}, {"index": 2, "value": ` + strconv.Itoa(1000+7*i) + `, "op": "SCMP_CMP_EQ"}]},`
	}
	got = call(t, "", "diff", "--arch", "amd64", "--format", "markdown", other, write(t, strings.Repeat("long", 40)+".json", many+`{"names": ["mount"], "action": "SCMP_ACT_ERRNO"}]}`))
	assert.Equal(t, 1, got.status, got.stderr)
	assert.Less(t, len(got.stdout), 65536)
	assert.Contains(t, got.stdout, "did not fit into this comment")
}

// TestDiffEqual: equal sides write nothing for people, and for programs that they are equal.
func TestDiffEqual(t *testing.T) {
	assert.Equal(t, result{}, call(t, "", "diff", "docker", "docker"))
	assert.Equal(t, result{0, "**No call is decided differently** by `docker` and `docker`.\n", ""}, call(t, "", "diff", "--format", "markdown", "docker", "docker"))
	got := call(t, "", "diff", "--format", "json", "docker", "docker")
	assert.JSONEq(t, `{"a": "docker", "b": "docker", "equal": true, "complete": true, "summary": {"opened": 0, "closed": 0, "changed": 0}, "changes": []}`, got.stdout)
}

// TestDiffCompletion: capabilities are completed behind their signs.
func TestDiffCompletion(t *testing.T) {
	complete := func(words ...string) string {
		return call(t, "", append([]string{completeName, "--", "diff"}, words...)...).stdout
	}
	assert.Contains(t, complete("--cap-b", "CAP_CHOWN,+CAP_SYS_AD"), "CAP_CHOWN,+CAP_SYS_ADMIN")
	assert.Contains(t, complete("--cap", "-"), "-CAP_CHOWN")
	assert.Contains(t, complete("--format", "m"), "markdown")
}

// TestDiffStack: the files of a stack are one side.
func TestDiffStack(t *testing.T) {
	dir := t.TempDir()
	for i, names := range []string{`"mount"`, `"umount2"`} {
		profile := write(t, "profile.json", `{"defaultAction": "SCMP_ACT_ALLOW", "architectures": ["SCMP_ARCH_X86_64"], "syscalls": [{"names": [`+names+`], "action": "SCMP_ACT_ERRNO"}]}`)
		require.Zero(t, call(t, "", "compile", "--arch", "amd64", "--format", "raw", "--profile", profile, "-o", filepath.Join(dir, "stack."+strconv.Itoa(i))).status)
	}
	both := write(t, "both.json", `{"defaultAction": "SCMP_ACT_ALLOW", "architectures": ["SCMP_ARCH_X86_64"], "syscalls": [{"names": ["umount2", "mount"], "action": "SCMP_ACT_ERRNO"}]}`)
	assert.Equal(t, result{}, call(t, "", "diff", "--arch", "amd64", filepath.Join(dir, "stack"), both))
	got := call(t, "", "diff", "--arch", "amd64", "--format", "json", filepath.Join(dir, "stack"), filepath.Join(dir, "stack.0"))
	var doc reviewDocument
	require.NoError(t, json.Unmarshal([]byte(got.stdout), &doc))
	require.Len(t, doc.Changes, 1)
	assert.Equal(t, reviewAnswer{Action: "ERRNO(1)", Value: 0x50001, By: "filter"}, doc.Changes[0].A)
	assert.Equal(t, []reviewCall{{166, "umount2", []string{"umount2"}}}, doc.Changes[0].Calls)
	// The witness goes to eval as it is.
	witness, err := json.Marshal(doc.Changes[0].Witness)
	require.NoError(t, err)
	assert.Contains(t, call(t, string(witness), "eval", "--filter", filepath.Join(dir, "stack"), "--calls", "-").stdout, `{"action":"ERRNO(1)","value":327681}`)
}

// Documents that give all calls the same answers may still differ in what they ask of seccomp(2).
func TestDiffOfFlags(t *testing.T) {
	doc := func(name, members string) string {
		return write(t, name, `{"defaultAction": "SCMP_ACT_ERRNO", "architectures": ["SCMP_ARCH_X86_64"]`+members+`}`)
	}
	none, spec := doc("none.json", `, "flags": []`), doc("spec.json", `, "flags": ["SECCOMP_FILTER_FLAG_SPEC_ALLOW"]`)
	listens := doc("listens.json", `, "flags": [], "listenerPath": "/run/a.sock"`)
	for _, tt := range []struct {
		a, b   string
		status int
		stderr string
	}{
		{none, none, 0, ""},
		{none, spec, 1, "the two differ in flags (none and SPEC_ALLOW)"},
		{spec, listens, 1, "the two differ in flags (SPEC_ALLOW and none) and the listener"},
		{none, doc("absent.json", ""), 1, "flags (none and SPEC_ALLOW)"}, // as runc reads a missing list
	} {
		got := call(t, "", "diff", "--arch", "amd64", tt.a, tt.b)
		require.Equal(t, tt.status, got.status, "%+v", got)
		require.Empty(t, got.stdout)
		require.Contains(t, got.stderr, tt.stderr)
	}
}
