// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/profile/dialect"
	"github.com/gosieve/sieve/seccomp"
)

// goProgram is a module with a program of a few lines, which imports syscall and calls
// body in main.
func goProgram(t *testing.T, body string) string {
	t.Helper()
	if _, err := exec.LookPath("go"); err != nil {
		t.Skip("no go command, which lists the packages of a program")
	}
	dir := t.TempDir()
	text := "package main\n\nimport \"syscall\"\n\nfunc call(nr uintptr) { syscall.RawSyscall(nr, 0, 0, 0) }\n\nfunc main() {\n\t" + body + "\n}\n"
	require.NoError(t, os.WriteFile(filepath.Join(dir, "main.go"), []byte(text), 0o666))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "go.mod"), []byte("module example.com/program\n\ngo 1.25\n"), 0o666))
	return dir
}

// decided is what a document in Docker's dialect answers to a call of x86_64.
func decided(t *testing.T, text, name string) seccomp.Action {
	t.Helper()
	doc, err := dialect.Parse([]byte(text), profile.In(profile.Docker))
	require.NoError(t, err)
	policy, _, err := doc.Resolve(profile.Target{Arch: arch.X86_64, Kernel: arch.Newest}, profile.ENOSYSOff)
	require.NoError(t, err)
	nr, ok := arch.X86_64.Number(name)
	require.True(t, ok, name)
	return policy.Evaluate(&seccomp.Call{Audit: arch.X86_64.Audit(), Nr: nr})
}

// TestDerive: the profile allows what the program does, in every form that it is written.
func TestDerive(t *testing.T) {
	t.Parallel()
	dir := goProgram(t, "call(syscall.SYS_PTRACE)")
	got := call(t, "", "derive", "--no-cache", "--arch", "amd64", "-C", dir, ".")
	require.Zero(t, got.status, "%+v", got)
	for _, name := range []string{"ptrace", "mmap", "arch_prctl", "execve", "restart_syscall", "rt_sigreturn"} {
		assert.Equal(t, seccomp.Allow, decided(t, got.stdout, name), name)
	}
	assert.Equal(t, seccomp.Errno(1), decided(t, got.stdout, "bpf"))

	file := filepath.Join(t.TempDir(), "out")
	require.Zero(t, call(t, "", "derive", "--no-cache", "--arch", "amd64", "--format", "bpf", "--denied", "SCMP_ACT_KILL_PROCESS", "-o", file, "-C", dir, ".").status)
	got = call(t, `{"arch":"x86_64","nr":101}`+"\n"+`{"arch":"x86_64","nr":321}`+"\n", "eval", "--arch", "amd64", "--filter", file, "--calls", "-")
	assert.Equal(t, `{"action":"ALLOW","value":2147418112}`+"\n"+`{"action":"KILL_PROCESS","value":2147483648}`+"\n", got.stdout)
}

// TestDeriveJSON: programs read the calls, the places and the paths.
func TestDeriveJSON(t *testing.T) {
	t.Parallel()
	dir := goProgram(t, "call(syscall.SYS_PTRACE)\n\tcall(uintptr(len(syscall.Environ())))")
	got := call(t, "", "derive", "--no-cache", "--arch", "arm64", "--tags", "a,b", "--format", "json", "-C", dir, ".")
	assert.Equal(t, 2, got.status)
	assert.Contains(t, got.stderr, "sieve: derive: main.go:9: the number of a system call is")
	assert.Contains(t, got.stderr, "(number): main.main\n")
	var doc deriveDocument
	require.NoError(t, json.Unmarshal([]byte(got.stdout), &doc))
	assert.Equal(t, "example.com/program", doc.Package)
	assert.Equal(t, "arm64", doc.GOARCH)
	assert.Equal(t, []string{"a", "b"}, doc.Tags)
	require.Len(t, doc.Unknown, 1)
	assert.Equal(t, 9, doc.Unknown[0].Line)
	for _, c := range doc.Calls {
		if c.Name == "ptrace" {
			assert.Equal(t, uint32(117), c.Nr)
			assert.Equal(t, []derivedStep{{Function: "main.main", Module: "example.com/program"}}, c.Path)
			assert.Equal(t, []string{"example.com/program"}, c.Modules)
			return
		}
	}
	t.Error("ptrace is not among the calls")
}

// TestDeriveWhy: the path to a call, and the answer no for one that nothing makes.
func TestDeriveWhy(t *testing.T) {
	t.Parallel()
	dir := goProgram(t, "call(syscall.SYS_PTRACE)")
	got := call(t, "", "derive", "--no-cache", "--arch", "amd64", "--why", "ptrace", "-C", dir, ".")
	assert.Zero(t, got.status, "%+v", got)
	assert.Equal(t, "ptrace: 1 place\n     main.main  \n  -> ptrace     main.go:8\n", got.stdout)
	got = call(t, "", "derive", "--no-cache", "--arch", "amd64", "--why", "bpf", "-C", dir, ".")
	assert.Equal(t, result{1, "bpf: no path leads to it\n", ""}, got)
	got = call(t, "", "derive", "--no-cache", "--arch", "amd64", "--why", "restart_syscall", "-C", dir, ".")
	assert.Zero(t, got.status)
	assert.Contains(t, got.stdout, "restart_syscall: ")
}

// TestDeriveLists: the calls with who makes them, and by module.
func TestDeriveLists(t *testing.T) {
	t.Parallel()
	dir := goProgram(t, "call(syscall.SYS_PTRACE)")
	got := call(t, "", "derive", "--no-cache", "--arch", "amd64", "--explain", "-C", dir, ".")
	assert.Zero(t, got.status)
	assert.Regexp(t, `(?m)^ptrace +any +example.com/program +example.com/program +1$`, got.stdout)
	assert.Regexp(t, `(?m)^arch_prctl +any +- +runtime +1$`, got.stdout)
	got = call(t, "", "derive", "--no-cache", "--arch", "amd64", "--by-module", "-C", dir, ".")
	assert.Zero(t, got.status)
	assert.Regexp(t, `(?m)^example.com/program: .*\bptrace\b`, got.stdout)
	assert.NotRegexp(t, `(?m)^std: .*\bptrace\b`, got.stdout)
}

// TestDeriveCheck: what the program can do and a profile denies, with its path, and what
// the profile allows that the program cannot do.
func TestDeriveCheck(t *testing.T) {
	t.Parallel()
	before, after := goProgram(t, ""), goProgram(t, "call(syscall.SYS_PTRACE)\n\tcall(syscall.SYS_SYNC)")
	file := filepath.Join(t.TempDir(), "profile.json")
	require.Zero(t, call(t, "", "derive", "--no-cache", "--arch", "amd64", "-o", file, "-C", before, ".").status)
	got := call(t, "", "derive", "--no-cache", "--arch", "amd64", "--check", file, "-C", before, ".")
	assert.Equal(t, result{0, "", ""}, got)
	got = call(t, "", "derive", "--no-cache", "--arch", "amd64", "--check", file, "-C", after, ".")
	assert.Equal(t, 1, got.status, "%+v", got)
	assert.Contains(t, got.stdout, "denied: ptrace: the profile answers ERRNO(1)\n  needed by example.com/program\n     main.main  \n  -> ptrace     main.go:8\n")
	assert.Contains(t, got.stdout, "denied: sync: ")
	require.Zero(t, call(t, "", "derive", "--no-cache", "--arch", "amd64", "-o", file, "-C", after, ".").status)
	got = call(t, "", "derive", "--no-cache", "--arch", "amd64", "--check", file, "-C", before, ".")
	assert.Equal(t, result{0, "unused: ptrace sync\n", ""}, got)
}

// TestDeriveExec: a program that executes others leaves open what those may do, until a
// flag says it.
func TestDeriveExec(t *testing.T) {
	t.Parallel()
	dir := goProgram(t, `syscall.Exec("/bin/true", nil, nil)`)
	got := call(t, "", "derive", "--no-cache", "--arch", "amd64", "-C", dir, ".")
	assert.Equal(t, 2, got.status)
	assert.Contains(t, got.stderr, "executes programs, which run under the same filter: --exec or --allow-exec says what they may do: main.main -> syscall.Exec")
	own := got.stdout
	children := write(t, "children.json", `{"defaultAction": "SCMP_ACT_ERRNO", "architectures": ["SCMP_ARCH_X86_64"], "syscalls": [{"names": ["vhangup"], "action": "SCMP_ACT_ALLOW"}]}`)
	file := filepath.Join(t.TempDir(), "joined.json")
	got = call(t, "", "derive", "--no-cache", "--arch", "amd64", "--exec", children, "-o", file, "-C", dir, ".")
	assert.Zero(t, got.status, "%+v", got)
	joined, err := os.ReadFile(file)
	require.NoError(t, err)
	for _, row := range []struct {
		name, text string
		want       seccomp.Action
	}{
		{"vhangup", own, 0}, {"vhangup", string(joined), seccomp.Allow}, {"mmap", string(joined), seccomp.Allow}, {"mount", string(joined), 0},
	} {
		answer := decided(t, row.text, row.name)
		assert.Equal(t, row.want == seccomp.Allow, answer == seccomp.Allow, "%s: %v", row.name, answer)
	}
	got = call(t, "", "derive", "--no-cache", "--arch", "amd64", "--allow-exec", "docker", "-C", dir, ".")
	assert.Zero(t, got.status, "%+v", got)
}

// TestDeriveUsage: flags that ask for different things, and names of nothing.
func TestDeriveUsage(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ args, want string }{
		{"derive", "want one PACKAGE"},
		{"derive a b", "want one PACKAGE"},
		{"derive --explain --by-module .", "--explain and --by-module exclude each other"},
		{"derive --to oci --format json .", "--to is for --format profile"},
		{"derive --check /nowhere .", "/nowhere"},
		{"derive --exec /nowhere .", "/nowhere"},
		{"derive --denied SCMP_ACT_ALLOW .", "--denied: \"SCMP_ACT_ALLOW\" does not deny"},
		{"derive -C /nowhere .", "/nowhere"},
	} {
		got := call(t, "", strings.Fields(row.args)...)
		assert.Equal(t, 2, got.status, row.args)
		assert.Contains(t, got.stderr, row.want, row.args)
	}
}

// TestDeriveCache: the second run for the same sources finds the first one's result.
func TestDeriveCache(t *testing.T) {
	dir := goProgram(t, "call(syscall.SYS_PTRACE)")
	cache := t.TempDir()
	t.Setenv("XDG_CACHE_HOME", cache)
	first := call(t, "", "derive", "--arch", "amd64", "-C", dir, ".")
	require.Zero(t, first.status, "%+v", first)
	entries, err := filepath.Glob(filepath.Join(cache, "sieve", "derive", "*.json"))
	require.NoError(t, err)
	if runtime.GOOS == "linux" { // os.UserCacheDir asks no variable elsewhere
		require.Len(t, entries, 1)
	}
	assert.Equal(t, first, call(t, "", "derive", "--arch", "amd64", "-C", dir, "."))
	assert.Equal(t, first, call(t, "", "derive", "--no-cache", "--arch", "amd64", "-C", dir, "."))
}
