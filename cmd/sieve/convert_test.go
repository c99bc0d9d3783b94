// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// byMachine asks what the machine is, in every way that Docker and Podman share.
const byMachine = `{"defaultAction": "SCMP_ACT_ERRNO", "archMap": [{"architecture": "SCMP_ARCH_X86_64", "subArchitectures": ["SCMP_ARCH_X86"]}], "syscalls": [
	{"names": ["read", "futex_requeue"], "action": "SCMP_ACT_ALLOW"},
	{"names": ["bpf"], "action": "SCMP_ACT_ERRNO", "errnoRet": 13, "includes": {"caps": ["CAP_BPF"]}},
	{"names": ["ptrace"], "action": "SCMP_ACT_ALLOW", "excludes": {"arches": ["arm64"]}}]}`

const forAgents = `{"defaultAction": "SCMP_ACT_ERRNO", "archMap": [], "syscalls": [
	{"names": ["read", "write"], "action": "SCMP_ACT_ALLOW", "args": [], "includes": {}, "excludes": {}}]}`

func TestConvert(t *testing.T) {
	tests := map[string]struct {
		stdin          string
		args           []string
		status         int
		stdout, stderr string
	}{
		"to Podman":             {byMachine, []string{"--to", "podman", "-"}, 0, `"errno": "EACCES"`, ""},
		"keeps conditions":      {byMachine, []string{"--to", "podman", "-"}, 0, "\"excludes\": {\n\t\t\t\t\"arches\": [\n\t\t\t\t\t\"arm64\"", ""},
		"resolved":              {byMachine, []string{"--to", "oci", "--resolve", "--arch", "arm64", "-"}, 0, "\t\t\t\"names\": [\n\t\t\t\t\"read\",\n\t\t\t\t\"futex_requeue\"\n\t\t\t],\n\t\t\t\"action\": \"SCMP_ACT_ALLOW\"\n\t\t}\n\t]", ""},
		"to Kubernetes":         {byMachine, []string{"--to", "spo", "--resolve", "--name", "web", "--arch", "amd64", "-"}, 0, "name: web\n", ""},
		"to a unit":             {`{"defaultAction": "SCMP_ACT_ALLOW", "architectures": ["SCMP_ARCH_X86", "SCMP_ARCH_X32"], "syscalls": [{"names": ["mount"], "action": "SCMP_ACT_ERRNO"}]}`, []string{"--to", "systemd", "--arch", "amd64", "-"}, 0, "SystemCallFilter=~mount", ""},
		"a killed thread":       {`{"defaultAction": "SCMP_ACT_KILL", "architectures": ["SCMP_ARCH_X86", "SCMP_ARCH_X32"], "syscalls": [{"names": ["read"], "action": "SCMP_ACT_ALLOW"}]}`, []string{"--to", "systemd", "--enosys", "off", "--arch", "amd64", "-"}, 1, "", "sieve: systemd cannot say this: KILL_THREAD as the default\n  it can with --kill-process, which writes KILL_PROCESS"},
		"a killed process":      {`{"defaultAction": "SCMP_ACT_KILL", "architectures": ["SCMP_ARCH_X86", "SCMP_ARCH_X32"], "syscalls": [{"names": ["read"], "action": "SCMP_ACT_ALLOW"}]}`, []string{"--to", "systemd", "--enosys", "off", "--kill-process", "--arch", "amd64", "-"}, 0, "SystemCallFilter=@default read\n", "sieve: note: numbers that no kernel up to "},
		"numbers of two kinds":  {"", []string{"--to", "minijail", "--resolve", "--native-only", "--arch", "amd64", "docker"}, 0, "read: 1\n", "has, on x86_64, get KILL_THREAD instead of ERRNO(1) or ERRNO(38)\n"},
		"killed in a document":  {`{"defaultAction": "SCMP_ACT_KILL", "syscalls": [{"names": ["read"], "action": "SCMP_ACT_ALLOW"}]}`, []string{"--to", "docker", "--kill-process", "--arch", "amd64", "-"}, 0, `"SCMP_ACT_KILL_PROCESS"`, ""},
		"of a unit":             {"[Service]\nSystemCallFilter=~mount:EPERM\n", []string{"--to", "docker", "--arch", "amd64", "-"}, 0, `"mount"`, ""},
		"to minijail":           {`{"defaultAction": "SCMP_ACT_KILL", "syscalls": [{"names": ["read"], "action": "SCMP_ACT_ALLOW"}]}`, []string{"--to", "minijail", "--enosys", "off", "--arch", "amd64", "-"}, 0, "read: 1\n", ""},
		"of minijail":           {"read: 1\n", []string{"--to", "docker", "--to-enosys", "off", "--arch", "amd64", "-"}, 0, `"read"`, ""},
		"for agents":            {byMachine, []string{"--to", "mesos", "--enosys", "off", "-"}, 1, "", "syscalls[1].action: ERRNO(13): an agent always takes 1"},
		"conditions in oci":     {byMachine, []string{"--to", "oci", "-"}, 1, "", "sieve: oci cannot say this: archMap, which lists ABIs by machine; syscalls[1].includes caps [CAP_BPF]; syscalls[2].excludes arches [arm64]\n  it can with --resolve, which writes what it means for one target"},
		"of an agent":           {forAgents, []string{"--from", "mesos", "--to", "docker", "-"}, 1, "", "--to-enosys off"},
		"of an agent, for crun": {forAgents, []string{"--from", "mesos", "--to", "docker", "--to-enosys", "off", "-"}, 0, `"write"`, ""},
		"Docker's own":          {"", []string{"--to", "oci", "--resolve", "docker"}, 0, `"clone"`, ""},
		"to Firecracker":        {`{"defaultAction": "SCMP_ACT_TRAP", "syscalls": [{"names": ["read"], "action": "SCMP_ACT_ALLOW"}]}`, []string{"--to", "firecracker", "--enosys", "off", "--foreign-kills", "--to-thread", "vmm", "--arch", "amd64", "-"}, 0, `"vmm": {`, ""},
		"Firecracker's own":     {`{"vmm": {"default_action": "trap", "filter_action": "allow", "filter": [{"syscall": "read"}]}, "api": {"default_action": "trap", "filter_action": "allow", "filter": [{"syscall": "write"}]}}`, []string{"--to", "docker", "--thread", "api", "--foreign-kills", "--to-enosys", "off", "--arch", "amd64", "-"}, 0, `"write"`, ""},
		"no such thread":        {`{"vmm": {"default_action": "trap", "filter_action": "allow", "filter": [{"syscall": "read"}]}}`, []string{"--to", "docker", "--thread", "api", "--arch", "amd64", "-"}, 2, "", "api"},
		"a thread of Docker's":  {byMachine, []string{"--to", "docker", "--thread", "api", "-"}, 2, "", "--thread: no such thread"},
		"no dialect to write":   {byMachine, []string{"-"}, 2, "", `"to" not set`},
		"an unknown dialect":    {byMachine, []string{"--to", "dokcer", "-"}, 2, "", `--to: unknown dialect "dokcer", want docker, podman`},
		"nothing known":         {"hello", []string{"--to", "docker", "-"}, 2, "", "<stdin>: no document of a known dialect"},
		"a bad document":        {`{"defaultAction": "SCMP_ACT_ERNO"}`, []string{"--to", "oci", "-"}, 2, "", "<stdin>:1:19: defaultAction: unknown action"},
		"two files":             {"", []string{"--to", "oci", "a", "b"}, 2, "", "want one FILE"},
		"an ENOSYS mode":        {byMachine, []string{"--to", "oci", "--to-enosys", "known", "-"}, 2, "", `--to-enosys: unknown mode "known", want runc or off`},
		"ENOSYS of Firecracker": {`{"vmm": {"default_action": "trap", "filter_action": "allow", "filter": []}}`, []string{"--to", "docker", "--enosys", "runc", "-"}, 2, "", "--enosys: the tools of this dialect"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			args := append([]string{"convert"}, tt.args...)
			got := call(t, tt.stdin, args...)
			require.Equal(t, tt.status, got.status, "%+v", got)
			assert.Contains(t, got.stdout, tt.stdout)
			assert.Contains(t, got.stderr, tt.stderr)
			if tt.status != 0 {
				assert.Empty(t, got.stdout)
			}
			out := filepath.Join(t.TempDir(), "out.json")
			require.Equal(t, tt.status, call(t, tt.stdin, append(args[:len(args):len(args)], "-o", out)...).status)
			if tt.status == 0 {
				text, err := os.ReadFile(out)
				require.NoError(t, err)
				assert.Equal(t, got.stdout, string(text))
			}
		})
	}
}

// TestConverted: a pipe of conversions ends where it began.
func TestConverted(t *testing.T) {
	there := call(t, byMachine, "convert", "--to", "podman", "-")
	require.Zero(t, there.status, there.stderr)
	back := call(t, there.stdout, "convert", "--to", "docker", "-")
	require.Zero(t, back.status, back.stderr)
	for _, caps := range []string{"", "CAP_BPF"} {
		for _, arch := range []string{"amd64", "arm64"} {
			got := call(t, byMachine, "diff", "--arch", arch, "--cap", caps, "-", write(t, "back.json", back.stdout))
			assert.Equal(t, result{}, got)
		}
	}
}

func TestMerge(t *testing.T) {
	file := func(name, names string) string {
		return write(t, name, `{"defaultAction": "SCMP_ACT_ERRNO", "architectures": ["SCMP_ARCH_X86_64"], "syscalls": [{"names": [`+names+`], "action": "SCMP_ACT_ALLOW"}]}`)
	}
	a, b := file("a.json", `"read", "close"`), file("b.json", `"read", "write"`)
	open := write(t, "open.json", `{"defaultAction": "SCMP_ACT_ALLOW"}`)
	logging := write(t, "logging.json", `{"defaultAction": "SCMP_ACT_ERRNO", "architectures": ["SCMP_ARCH_X86_64"], "flags": ["SECCOMP_FILTER_FLAG_LOG"], "syscalls": [{"names": ["write"], "action": "SCMP_ACT_ALLOW"}]}`)
	tests := map[string]struct {
		args        []string
		status      int
		has, hasNot []string
		stderr      string
	}{
		"union":                         {[]string{"--union", a, b}, 0, []string{"read", "close", "write"}, nil, ""},
		"intersection":                  {[]string{"--intersect", a, b}, 0, []string{"read"}, []string{`"write"`}, ""},
		"subtraction":                   {[]string{"--subtract", b, a}, 0, []string{"write"}, []string{`"close"`}, ""},
		"a base":                        {[]string{"--intersect", a, b, "--base", a}, 0, []string{"read", "close"}, []string{`"write"`}, ""},
		"a base alone":                  {[]string{"--union", b, "--base", a}, 0, []string{"read", "close", "write"}, nil, ""},
		"Docker's own":                  {[]string{"--union", "docker", a}, 0, []string{"read", "clone"}, nil, ""},
		"in another dialect":            {[]string{"--union", a, b, "--to", "podman"}, 0, []string{`"defaultErrno": "EPERM"`}, nil, ""},
		"from a list of what is denied": {[]string{"--subtract", open, a}, 2, nil, nil, "which denies nothing: say what does with --denied"},
		"with an action":                {[]string{"--subtract", open, a, "--denied", "SCMP_ACT_ERRNO:13"}, 0, []string{`"errnoRet": 13`}, nil, ""},
		"an action that denies nothing": {[]string{"--subtract", open, a, "--denied", "SCMP_ACT_LOG"}, 2, nil, nil, `"SCMP_ACT_LOG" does not deny`},
		"an errno beyond all":           {[]string{"--subtract", open, a, "--denied", "SCMP_ACT_ERRNO:4096"}, 2, nil, nil, `"4096" is no errno`},
		"flags":                         {[]string{"--union", a, logging}, 0, nil, []string{"FLAG"}, "logging.json: other flags"},
		"flags of the first":            {[]string{"--union", logging, a}, 0, []string{"SECCOMP_FILTER_FLAG_LOG"}, nil, "a.json: other flags"},
		"no operation":                  {[]string{a, b}, 2, nil, nil, "want one of --union, --intersect and --subtract"},
		"two operations":                {[]string{"--union", "--subtract", a, b}, 2, nil, nil, "exclude each other"},
		"one profile":                   {[]string{"--union", a}, 2, nil, nil, "at least two profiles"},
		"denied and not subtracted":     {[]string{"--union", a, b, "--denied", "SCMP_ACT_TRAP"}, 2, nil, nil, "--denied is for --subtract"},
		"what cannot be said":           {[]string{"--union", a, b, "--to", "firecracker"}, 1, nil, nil, "firecracker cannot say this"},
		"no such file":                  {[]string{"--union", a, "nowhere.json"}, 2, nil, nil, "nowhere.json"},
		"the old name":                  {[]string{"--intersection", a, b}, 2, nil, nil, "did you mean --intersect?"},
		"a filter":                      {[]string{"--union", a, b, "--format", "asm"}, 0, []string{"ret  #0x7fff0000"}, []string{"{"}, ""},
		"an unknown format":             {[]string{"--union", a, b, "--format", "yaml"}, 2, nil, nil, `unknown format "yaml"`},
		"a filter and a dialect":        {[]string{"--union", a, b, "--format", "raw", "--to", "oci"}, 2, nil, nil, "exclude each other"},
		"a stack of a union":            {[]string{"--union", a, b, "--format", "raw", "--stack"}, 2, nil, nil, "--stack is for --intersect with --format"},
		"a stack of documents":          {[]string{"--intersect", a, b, "--stack"}, 2, nil, nil, "--stack is for --intersect with --format"},
		"a stack on standard output":    {[]string{"--intersect", a, b, "--stack", "--format", "raw"}, 2, nil, nil, "a stack of 2 programs"},
		"flags of all":                  {[]string{"--intersect", a, logging}, 0, []string{"SECCOMP_FILTER_FLAG_LOG"}, []string{"SPEC_ALLOW"}, ""},
		"no proof within the limits":    {[]string{"--intersect", a, b, "--effort", "0"}, 2, nil, nil, "effort"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got := call(t, "", append([]string{"merge", "--arch", "amd64"}, tt.args...)...)
			require.Equal(t, tt.status, got.status, "%+v", got)
			assert.Contains(t, got.stderr, tt.stderr)
			for _, s := range tt.has {
				assert.Contains(t, got.stdout, s)
			}
			for _, s := range tt.hasNot {
				assert.NotContains(t, got.stdout, s)
			}
			if tt.status != 0 {
				assert.Empty(t, got.stdout)
			}
		})
	}
	// A dialect without flags asks for none.
	policy := write(t, "a.policy", "read: 1\n")
	got := call(t, "", "merge", "--arch", "amd64", "--union", "--enosys", "off", "--to-enosys", "off", a, policy)
	assert.Equal(t, 0, got.status)
	assert.Equal(t, "sieve: "+policy+": read as minijail\n", got.stderr)
	// A profile and what it lacks of another make the other.
	c := write(t, "c.json", `{"defaultAction": "SCMP_ACT_ERRNO", "architectures": ["SCMP_ARCH_X86", "SCMP_ARCH_X32"], "syscalls": [{"names": ["read", "close", "socket"], "action": "SCMP_ACT_ALLOW"}]}`)
	rest := call(t, "", "merge", "--arch", "amd64", "--subtract", "docker", c)
	require.Zero(t, rest.status, rest.stderr)
	both := call(t, "", "merge", "--arch", "amd64", "--union", "docker", c)
	require.Zero(t, both.status, both.stderr)
	whole := call(t, rest.stdout, "merge", "--arch", "amd64", "--union", "-", c)
	require.Zero(t, whole.status, whole.stderr)
	got = call(t, whole.stdout, "diff", "--arch", "amd64", write(t, "both.json", both.stdout), "-")
	assert.Equal(t, result{}, got)
}

// TestMergeFilters: an intersection as a document, a filter and a stack is the same.
func TestMergeFilters(t *testing.T) {
	a := write(t, "a.json", `{"defaultAction": "SCMP_ACT_ERRNO", "architectures": ["SCMP_ARCH_X86_64"], "syscalls": [
		{"names": ["read", "socket"], "action": "SCMP_ACT_ALLOW"}, {"names": ["write"], "action": "SCMP_ACT_ERRNO", "errnoRet": 13}]}`)
	merge := func(args ...string) string {
		got := call(t, "", append([]string{"merge", "--arch", "amd64", "--intersect", "docker", a}, args...)...)
		require.Zero(t, got.status, got.stderr)
		return got.stdout
	}
	doc := write(t, "meet.json", merge())
	dir := t.TempDir()
	one, stack := filepath.Join(dir, "one.bpf"), filepath.Join(dir, "stack.bpf")
	merge("--format", "raw", "-o", one)
	merge("--format", "raw", "--stack", "-o", stack)
	require.FileExists(t, stack+".0")
	require.FileExists(t, stack+".1")
	for _, filter := range []string{one, stack} {
		got := call(t, "", "prove", "--arch", "amd64", "--profile", doc, "--filter", filter)
		assert.Equal(t, result{}, got)
	}
	// The words of OCI cannot say two bounds of one argument, and a filter can.
	bound := func(op string, value int) string {
		return write(t, op+".json", fmt.Sprintf(`{"defaultAction": "SCMP_ACT_ERRNO", "architectures": ["SCMP_ARCH_X86_64"], "syscalls": [
			{"names": ["write"], "action": "SCMP_ACT_ALLOW", "args": [{"index": 0, "op": "SCMP_CMP_%s", "value": %d}]}]}`, op, value))
	}
	above, below := bound("GT", 2), bound("LT", 100)
	got := call(t, "", "merge", "--arch", "amd64", "--intersect", above, below, "--format", "raw", "-o", one)
	require.Equal(t, result{}, got)
	calls := ""
	for _, value := range []int{2, 3, 99, 100} {
		calls += fmt.Sprintf(`{"arch":"x86_64","nr":1,"args":[%d]}`+"\n", value)
	}
	got = call(t, calls, "eval", "--filter", one, "--calls", "-")
	assert.Equal(t, 2, strings.Count(got.stdout, "ALLOW"), got.stdout)
	assert.Equal(t, 2, strings.Count(got.stdout, `"ERRNO`), got.stdout)
}

// TestCompilerNamed: the flag that a refusal of minijail0's names reads the policy. These
// are crosvm's kinds of lines: a device repeats what it includes, and widens it.
func TestCompilerNamed(t *testing.T) {
	common := "clone: arg0 & CLONE_THREAD\nioctl: arg1 == 0xaa00\nmadvise: arg2 == MADV_GUARD_INSTALL\n"
	dir := filepath.Dir(write(t, "common.policy", common))
	for name, policy := range map[string]string{
		"repeated": "@include ./common.policy\nioctl: arg1 == FIONBIO || \\\n  arg1 & 0x6400\nclone: 1 # jail\nopen: return ENOENT\n",
		"nested":   "@include ./device.policy\nprctl: arg0 == PR_SET_NAME\n",
	} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, "device.policy"), []byte("@include ./common.policy\nread: 1\n"), 0o600))
		t.Chdir(dir)
		for _, args := range [][]string{{"compile", "--format", "asm", "--profile", "-"}, {"lint", "-"}} {
			args = append(args[:1:1], append([]string{"--dialect", "minijail", "--arch", "amd64"}, args[1:]...)...)
			got := call(t, policy, args...)
			require.NotZero(t, got.status, name)
			require.Contains(t, got.stdout+got.stderr, "(--minijail-compiler)", "%s %v", name, args)
			got = call(t, policy, append(args[:1:1], append([]string{"--minijail-compiler"}, args[1:]...)...)...)
			require.Zero(t, got.status, "%s %v: %+v", name, args, got)
		}
	}
}
