// SPDX-License-Identifier: Apache-2.0

package main

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/gosieve/sieve/cmd/sieve/internal/cli"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestDidYouMean has a misspelt word in each place where a command line or a document
// can have one.
func TestDidYouMean(t *testing.T) {
	doc := func(text string) []string { return []string{"lint", "--arch", "amd64", write(t, "x.json", text)} }
	in := func(dialect, file, text string) []string {
		return []string{"lint", "--arch", "amd64", "--dialect", dialect, write(t, file, text)}
	}
	spo := func(spec string) []string {
		return in("spo", "x.yaml", "apiVersion: security-profiles-operator.x-k8s.io/v1beta1\nkind: SeccompProfile\nmetadata: {name: x}\nspec: {"+spec+"}\n")
	}
	firecracker := func(fields string) []string { return in("firecracker", "x.json", `{"vmm": {`+fields+`}}`) }
	agent := func(fields string) []string {
		return in("mesos", "x.json", `{"defaultAction": "SCMP_ACT_ERRNO", "archMap": [], "syscalls": [], `+fields+`}`)
	}
	for name, row := range map[string]struct {
		args []string
		want string
	}{
		"a command":              {[]string{"compiel"}, `did you mean "compile"?`},
		"letters exchanged":      {[]string{"lnit"}, `did you mean "lint"?`},
		"a command to help":      {[]string{"help", "recrod"}, `did you mean "record"?`},
		"a command of marathon":  {[]string{"marathon", "chek"}, `did you mean "check"?`},
		"a flag":                 {[]string{"run", "--archh", "x"}, `did you mean --arch?`},
		"--arch":                 {[]string{"compile", "--arch", "amd46", "docker"}, `did you mean "amd64"?`},
		"--abi":                  {[]string{"explain", "--abi", "i836", "mount"}, `did you mean "i386"?`},
		"--cap":                  {[]string{"compile", "--cap", "SYS_ADMIM", "docker"}, `nearest is "CAP_SYS_ADMIN"`},
		"--format":               {[]string{"compile", "--format", "asn", "docker"}, `did you mean "asm"?`},
		"--format of lint":       {[]string{"lint", "--format", "jsno", "docker"}, `did you mean "json"?`},
		"--severity, begun":      {[]string{"lint", "--severity", "warn", "docker"}, `did you mean "warning"?`},
		"--fail-on":              {[]string{"lint", "--fail-on", "eror", "docker"}, `did you mean "error"?`},
		"--dialect":              {[]string{"compile", "--dialect", "dokcer", "docker"}, `did you mean "docker"?`},
		"--dialect of lint":      {[]string{"lint", "--dialect", "minijial", "docker"}, `did you mean "minijail"?`},
		"--to":                   {[]string{"convert", "--to", "firecraker", "docker"}, `did you mean "firecracker"?`},
		"--enosys":               {[]string{"compile", "--enosys", "runk", "docker"}, `did you mean "runc"?`},
		"--to-enosys":            {[]string{"convert", "--to", "oci", "--to-enosys", "of", "docker"}, `want runc or off`},
		"--args":                 {[]string{"compile", "--args", "narow", "docker"}, `did you mean "narrow"?`},
		"--runtime":              {[]string{"record", "--runtime", "rnuc", "-o", "-", "--", "true"}, `did you mean "runc"?`},
		"a shell":                {[]string{"completion", "bsh"}, `did you mean "bash"?`},
		"an action":              {doc(`{"defaultAction": "ALLOW"}`), `did you mean "SCMP_ACT_ALLOW"?`},
		"an architecture":        {doc(`{"defaultAction": "SCMP_ACT_ALLOW", "architectures": ["amd64"]}`), `did you mean "SCMP_ARCH_X86_64"?`},
		"an operator":            {doc(`{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["read"], "action": "SCMP_ACT_LOG", "args": [{"index": 0, "value": 1, "op": "EQ"}]}]}`), `did you mean "SCMP_CMP_EQ"?`},
		"a flag in a document":   {doc(`{"defaultAction": "SCMP_ACT_ALLOW", "flags": ["LOG"]}`), `did you mean "SECCOMP_FILTER_FLAG_LOG"?`},
		"a capability":           {doc(`{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["read"], "action": "SCMP_ACT_LOG", "includes": {"caps": ["SYS_ADMIN"]}}]}`), `did you mean "CAP_SYS_ADMIN"?`},
		"a machine":              {doc(`{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["read"], "action": "SCMP_ACT_LOG", "includes": {"arches": ["x86_64"]}}]}`), `did you mean "amd64"?`},
		"an action of oci":       {in("oci", "x.json", `{"defaultAction": "ERRNO"}`), `did you mean "SCMP_ACT_ERRNO"?`},
		"an action of podman":    {in("podman", "x.json", `{"defaultAction": "KILL_PROCESS"}`), `did you mean "SCMP_ACT_KILL_PROCESS"?`},
		"an action of spo":       {spo("defaultAction: ALLOW"), `did you mean "SCMP_ACT_ALLOW"?`},
		"an architecture of spo": {spo("defaultAction: SCMP_ACT_ALLOW, architectures: [amd64]"), `did you mean "SCMP_ARCH_X86_64"?`},
		"an action of an agent":  {agent(`"defaultAction": "ALLOW"`), `fix: write "SCMP_ACT_ALLOW"`},
		"an operator of an agent": {agent(`"syscalls": [{"names": ["read"], "action": "SCMP_ACT_ALLOW", "includes": {}, "excludes": {}, "args": [{"index": 0, "value": 1, "valueTwo": 0, "op": "EQ"}]}]`),
			`fix: write "SCMP_CMP_EQ"`},
		"an architecture of an agent": {agent(`"archMap": [{"architecture": "amd64", "subArchitectures": []}]`), `fix: write "SCMP_ARCH_X86_64"`},
		"a capability of an agent":    {agent(`"syscalls": [{"names": ["read"], "action": "SCMP_ACT_ALLOW", "args": [], "includes": {"caps": ["SYS_ADMIN"]}, "excludes": {}}]`), `fix: write "CAP_SYS_ADMIN"`},
		"a set of systemd":            {in("systemd", "x.service", "[Service]\nSystemCallFilter=@sytem-service\n"), `fix: write @system-service`},
		"a call of systemd":           {in("systemd", "x.service", "[Service]\nSystemCallFilter=reed\n"), `fix: write read`},
		"an architecture of systemd":  {in("systemd", "x.service", "[Service]\nSystemCallFilter=read\nSystemCallArchitectures=amd64\n"), `fix: write x86-64`},
		"an action of minijail":       {in("minijail", "x.policy", "read: alow\n"), `did you mean "allow"?`},
		"a call of minijail":          {in("minijail", "x.policy", "reed: 1\n"), `fix: write read`},
		"an action of firecracker":    {firecracker(`"default_action": "alow"`), `did you mean "allow"?`},
		"a type of firecracker":       {firecracker(`"default_action": "trap", "filter_action": "allow", "filter": [{"syscall": "read", "args": [{"index": 0, "type": "dwrd", "op": "eq", "val": 1}]}]`), `did you mean "dword"?`},
	} {
		t.Run(name, func(t *testing.T) {
			got := call(t, "", row.args...)
			assert.NotZero(t, got.status)
			assert.Contains(t, got.stdout+got.stderr, row.want)
		})
	}
}

// TestFarWords: what resembles nothing gets no suggestion.
func TestFarWords(t *testing.T) {
	for _, args := range [][]string{{"xyzzy"}, {"compile", "--format", "xyzzy", "docker"}, {"run", "--xyzzy"}, {"lint", "--dialect", "xyzzy", "docker"}} {
		got := call(t, "", args...)
		assert.Equal(t, 2, got.status, args)
		assert.NotContains(t, got.stderr, "did you mean", args)
	}
}

// TestFlagWords: a flag whose values are known words refuses another one, and says
// which flag it is.
func TestFlagWords(t *testing.T) {
	rest := map[string]string{"run": "true", "record": "-o - -- true", "explain": "mount", "syscalls": "read", "eval": "--calls -", "decompile": "-",
		"disasm": "-", "features": "", "merge": "--union docker docker", "diff": "docker docker", "report": "-o - --against docker docker", "convert": "--to oci docker"}
	raw := filepath.Join(t.TempDir(), "docker.bpf")
	require.Zero(t, call(t, "", "compile", "--arch", "amd64", "--format", "raw", "-o", raw, "docker").status)
	rest["prove"] = "--filter " + raw
	checked := 0
	for _, c := range rootCommand().Commands {
		for _, f := range c.Flags {
			flag := f.Names()[0]
			of := flagValues()[c.Name+" "+flag]
			if of == nil {
				of = flagValues()[flag]
			}
			if f.Kind == cli.Bool || of == nil || flag == "profile" || flag == "at-most" || flag == "against" || of()[0] == anyFile {
				continue
			}
			tail, ok := rest[c.Name]
			if !ok {
				tail = "docker"
			}
			if flag == "to" {
				tail = strings.Replace(tail, "--to oci ", "", 1)
			}
			if c.Name == "prove" && (strings.HasSuffix(flag, "-a") || strings.HasSuffix(flag, "-b") || flag == "format") {
				tail = "--at-most docker docker"
			}
			args := append([]string{c.Name, "--" + flag, of()[0].text + "~"}, strings.Fields(tail)...)
			got := call(t, "", args...)
			require.NotZero(t, got.status, "%v: %+v", args, got)
			said := "sieve: --" + flag + ": "
			if side := flag[len(flag)-2:]; side == "-a" || side == "-b" { // A (--dialect x): --dialect: ...
				said = "): --" + strings.TrimSuffix(flag, side) + ": "
			}
			require.Contains(t, got.stderr, said, "%v", args)
			checked++
		}
	}
	require.Greater(t, checked, 40)
}

// TestAllErrors: every error of a document is written with its place, and lint has them
// all.
func TestAllErrors(t *testing.T) {
	rule := "{\"names\": [\"read\"], \"action\": \"SCMP_ACT_ALLOW\", \"includes\": {\"caps\": [\"CAP_BPF\"]}}"
	config := func(n int) string {
		return write(t, "config.json", `{"ociVersion": "1.3.0", "linux": {"seccomp": {"defaultAction": "ALLOW", "syscalls": [`+
			"\n"+strings.Repeat(rule+",\n", n)+`{"names": ["x"], "action": "KILL"}]}}}`)
	}
	for n, want := range map[int]struct{ written, linted int }{5: {7, 7}, 22: {11, 24}, 300: {11, 101}} {
		file := config(n)
		got := call(t, "", "compile", "--format", "asm", file)
		require.Equal(t, 2, got.status)
		var lines []string
		for line := range strings.Lines(got.stderr) {
			if strings.HasPrefix(line, "sieve: ") && !strings.HasSuffix(line, ": read as oci\n") {
				lines = append(lines, strings.TrimSpace(line))
			}
		}
		require.Equal(t, min(want.written, 10), strings.Count(got.stderr, "\n      | "), "each with its line")
		require.Len(t, lines, want.written, "%d", n)
		first := 0
		if n < 100 {
			require.Contains(t, lines[0], file+`:1:`)
			first = 1
		}
		require.Contains(t, lines[first], file+`:2:`)
		require.Contains(t, lines[first], `syscalls[0].includes: only the docker dialect has the key "includes"`)
		got = call(t, "", "lint", file)
		require.Equal(t, 1, got.status)
		require.Equal(t, want.linted, strings.Count(got.stdout, ": error: "), "%d", n)
		if n == 22 {
			require.Equal(t, `sieve: 14 more errors: "sieve lint" writes all`, lines[10])
		}
		if n == 300 {
			require.Contains(t, got.stdout, "further errors are not looked for")
		}
	}
}

func TestSentences(t *testing.T) {
	assert.Equal(t, []string{"", "a", "a or b", "a, b or c"},
		[]string{series(nil, "or"), series([]string{"a"}, "or"), series([]string{"a", "b"}, "or"), series([]string{"a", "b", "c"}, "or")})
	assert.Equal(t, "1, 3 and 5", series(texts([]int{1, 3, 5}), "and"))
	assert.Equal(t, []string{"0 files", "1 file", "2 files"}, []string{counted(0, "file"), counted(1, "file"), counted(uint64(2), "file")})
	unsorted := []string{"b", "a", "b"}
	assert.Equal(t, "a, b", distinct(unsorted))
	assert.Equal(t, []string{"b", "a", "b"}, unsorted)
}
