// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/gosieve/sieve/arch"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestExplain(t *testing.T) {
	web := write(t, "web.json", `{"defaultAction":"SCMP_ACT_ERRNO","syscalls":[
{"names":["read","exit_group"],"action":"SCMP_ACT_ALLOW"},
{"names":["socket"],"action":"SCMP_ACT_ALLOW","args":[{"index":0,"value":2,"op":"SCMP_CMP_EQ"}]},
{"names":["ptrace"],"action":"SCMP_ACT_KILL_PROCESS"}]}`)
	const byDefault = `, ` + "WEB" + `:1:18
    1 | {"defaultAction":"SCMP_ACT_ERRNO","syscalls":[
      |                  ^
`
	const readLine = `    2 | {"names":["read","exit_group"],"action":"SCMP_ACT_ALLOW"},
      |           ^
`
	tests := map[string]struct {
		args   []string
		status int
		want   string
	}{
		"a rule allows": {[]string{"read", "3", "NULL", "0"}, 0, `read(3, NULL, 0) on x86_64 is allowed
decided by: ` + web + `:2:1
` + readLine},
		"a rule with conditions": {[]string{"socket(AF_INET, SOCK_STREAM, IPPROTO_TCP)"}, 0, `socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) on x86_64 is allowed
decided by: ` + web + `:3:1: socket(AF_INET, *)
    3 | {"names":["socket"],"action":"SCMP_ACT_ALLOW","args":[{"index":0,"value":2,"op":"SCMP_CMP_...
      |           ^
`},
		"any value of an argument": {[]string{"socket(*, SOCK_STREAM, *)"}, 1, `socket(AF_UNSPEC, SOCK_STREAM, 0) on x86_64 fails with EPERM
decided by: default` + byDefault + `no rule for socket matches:
  ` + web + `:3:1: socket(AF_INET, *) is allowed
rules look at argument 0, taken for 0
to allow it, one of:
  add a rule for socket where argument 0 is 0x0
    ` + web + `: syscalls[3]: {"names":["socket"],"action":"SCMP_ACT_ALLOW","args":[{"index":0,"value":0,"valueTwo":0,"op":"SCMP_CMP_EQ"}]}
  add a rule for socket
    ` + web + `: syscalls[3]: {"names":["socket"],"action":"SCMP_ACT_ALLOW"}
`},
		"a request": {[]string{"ioctl", "0", "TIOCSTI"}, 1, `ioctl(0, TIOCSTI, 0x0) on x86_64 fails with EPERM
decided by: default` + byDefault + `to allow it, one of:
  add a rule for ioctl
    ` + web + `: syscalls[3]: {"names":["ioctl"],"action":"SCMP_ACT_ALLOW"}
`},
		"no rule does": {[]string{"mkdir"}, 1, `mkdir on x86_64 fails with EPERM
decided by: default` + byDefault + `to allow it, one of:
  add a rule for mkdir
    ` + web + `: syscalls[3]: {"names":["mkdir"],"action":"SCMP_ACT_ALLOW"}
`},
		"an argument": {[]string{"socket", "AF_INET6", "SOCK_STREAM|SOCK_CLOEXEC", "0"}, 1, `socket(AF_INET6, SOCK_STREAM|SOCK_CLOEXEC, IPPROTO_IP) on x86_64 fails with EPERM
decided by: default` + byDefault + `no rule for socket matches:
  ` + web + `:3:1: socket(AF_INET, *) is allowed
to allow it, one of:
  add a rule for socket where argument 0 is 0xa
    ` + web + `: syscalls[3]: {"names":["socket"],"action":"SCMP_ACT_ALLOW","args":[{"index":0,"value":10,"valueTwo":0,"op":"SCMP_CMP_EQ"}]}
  add a rule for socket
    ` + web + `: syscalls[3]: {"names":["socket"],"action":"SCMP_ACT_ALLOW"}
`},
		"an argument that is not given": {[]string{"41"}, 1, `socket on x86_64 fails with EPERM
decided by: default` + byDefault + `no rule for socket matches:
  ` + web + `:3:1: socket(AF_INET, *) is allowed
rules look at argument 0, taken for 0
to allow it, one of:
  add a rule for socket where argument 0 is 0x0
    ` + web + `: syscalls[3]: {"names":["socket"],"action":"SCMP_ACT_ALLOW","args":[{"index":0,"value":0,"valueTwo":0,"op":"SCMP_CMP_EQ"}]}
  add a rule for socket
    ` + web + `: syscalls[3]: {"names":["socket"],"action":"SCMP_ACT_ALLOW"}
`},
		"a negative argument is no flag": {[]string{"read", "-1"}, 0, `read(-1, NULL, 0) on x86_64 is allowed
decided by: ` + web + `:2:1
` + readLine},
		"a rule kills": {[]string{"ptrace"}, 1, `ptrace on x86_64 kills the process
decided by: ` + web + `:4:1
    4 | {"names":["ptrace"],"action":"SCMP_ACT_KILL_PROCESS"}]}
      |           ^
to allow it, one of:
  let syscalls[2] allow
    ` + web + `:4:30: syscalls[2].action: {"names":["ptrace"],"action":"SCMP_ACT_ALLOW"}
`},
		"another ABI": {[]string{"--abi", "i386", "read"}, 1, `read on x86 kills the thread
decided by: architecture not listed
to allow it, one of:
  add SCMP_ARCH_X86 to architectures
    ` + web + `: architectures[0]: "SCMP_ARCH_X86"
`},
		"a number that has no name": {[]string{"4000"}, 1, `number 4000 on x86_64 fails with ENOSYS
decided by: ENOSYS for calls that the profile does not know (--enosys)
no change to the profile is known that would allow it
`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got := call(t, "", append([]string{"explain", "--arch", "amd64", "--profile", web}, tt.args...)...)
			assert.Equal(t, result{tt.status, strings.ReplaceAll(tt.want, "WEB:", web+":"), ""}, got)
		})
	}
}

func TestExplainUsage(t *testing.T) {
	tests := map[string]struct {
		args   []string
		stderr string
	}{
		"nothing":             {nil, "explain: want a CALL or --audit"},
		"a misspelt call":     {[]string{"moun"}, `unknown call "moun"; did you mean "mount"?`},
		"no such call":        {[]string{"abracadabra"}, `unknown call "abracadabra", want a name or a number`},
		"not on this ABI":     {[]string{"--abi", "arm64", "open"}, `aarch64 has no call "open"`},
		"no such ABI":         {[]string{"--abi", "pdp11", "open"}, `--abi: unknown architecture "pdp11"`},
		"a path":              {[]string{"open", "/etc/passwd"}, `argument 0: invalid argument: "/etc/passwd" is neither a number nor a constant on x86_64; of what lies in memory`},
		"a flag too late":     {[]string{"read", "--kernel", "4.7"}, "explain: --kernel behind the CALL is an argument: flags go before it"},
		"too many arguments":  {[]string{"read", "1", "2", "3", "4", "5", "6", "7"}, "explain: 7 arguments, a call has at most 6"},
		"no such format":      {[]string{"--format", "xml", "read"}, `--format: unknown format "xml", want text or json`},
		"a log and a call":    {[]string{"--audit", "-", "read"}, "explain: --audit excludes a CALL and --abi"},
		"two standard inputs": {[]string{"--audit", "-", "--profile", "-"}, "defaultAction"},
		"no such log":         {[]string{"--audit", "nowhere.log"}, "nowhere.log: no such file"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got := call(t, "{}", append([]string{"explain", "--arch", "amd64"}, tt.args...)...)
			assert.Equal(t, statusTrouble, got.status)
			assert.Empty(t, got.stdout)
			assert.Contains(t, got.stderr, tt.stderr)
		})
	}
}

func TestExplainJSON(t *testing.T) {
	got := call(t, "", "explain", "--arch", "amd64", "--format", "json", "clone", "CLONE_NEWUSER|SIGCHLD")
	require.Equal(t, 1, got.status, got.stderr)
	var out struct {
		Call, Arch, Action, Rule, Text, File, Path, Source string
		Nr, Value                                          uint32
		Line, Column                                       int
		Args                                               []string
		Values                                             []uint64
		Allowed                                            bool
		Unmatched                                          []struct{ Matches, Does, File string }
		Changes                                            []struct{ Kind, Text, JSON, Place string }
	}
	require.NoError(t, json.Unmarshal([]byte(got.stdout), &out))
	assert.Equal(t, "clone", out.Call)
	assert.Equal(t, "x86_64", out.Arch)
	assert.Equal(t, "ERRNO(1)", out.Action)
	assert.Equal(t, "default", out.Rule)
	assert.Equal(t, "CLONE_NEWUSER|SIGCHLD", out.Args[0])
	assert.Equal(t, "clone(CLONE_NEWUSER|SIGCHLD, 0x0, NULL, NULL, 0x0)", out.Text)
	assert.Equal(t, []uint64{0x10000011, 0, 0, 0, 0, 0}, out.Values)
	assert.False(t, out.Allowed)
	assert.Equal(t, "docker-default.json defaultAction", out.File+" "+out.Path)
	assert.Positive(t, out.Line)
	assert.Equal(t, `"SCMP_ACT_ERRNO",`, out.Source[out.Column-1:])
	require.Len(t, out.Unmatched, 1)
	assert.Regexp(t, `^clone\(flags & \(.*\|CLONE_NEWUSER\|.*\) == 0, \*\)$`, out.Unmatched[0].Matches)
	assert.Equal(t, "ALLOW", out.Unmatched[0].Does)
	require.NotEmpty(t, out.Changes)
	assert.Equal(t, "add-rule", out.Changes[0].Kind)
	assert.Equal(t, "grant-capability", out.Changes[len(out.Changes)-1].Kind)
}

// TestExplainStatus: what lets a call run is status 0, and all that asks or denies 1: a script
// that wants to know what a program can do is never told yes where somebody else decides.
func TestExplainStatus(t *testing.T) {
	for action, want := range map[string]int{"ALLOW": 0, "LOG": 0, "NOTIFY": 1, "TRACE": 1, "ERRNO": 1, "TRAP": 1, "KILL": 1, "KILL_THREAD": 1, "KILL_PROCESS": 1} {
		doc := `{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["mount"], "action": "SCMP_ACT_` + action + `"}]}`
		for _, format := range []string{"text", "json"} {
			got := call(t, doc, "explain", "--arch", "amd64", "--profile", "-", "--format", format, "mount")
			assert.Equal(t, want, got.status, "%s: %+v", action, got)
			if format == "json" {
				assert.Contains(t, got.stdout, fmt.Sprintf(`"allowed":%v`, want == 0))
			}
		}
	}
	// The kernel makes a call that it asks no filter about.
	doc := `{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["uretprobe"], "action": "SCMP_ACT_ERRNO"}]}`
	assert.Equal(t, 0, call(t, doc, "explain", "--arch", "amd64", "--profile", "-", "uretprobe").status)
	assert.Equal(t, 1, call(t, doc, "explain", "--arch", "amd64", "--kernel", "6.13", "--profile", "-", "uretprobe").status)
	assert.Equal(t, 2, call(t, "{", "explain", "--arch", "amd64", "--profile", "-", "mount").status)
	assert.Equal(t, 2, call(t, doc, "explain", "--arch", "amd64", "--profile", "-", "moutn").status)
}

// TestWrittenCall: a call is taken in the form in which reports write it, in one word or several.
func TestWrittenCall(t *testing.T) {
	for line, want := range map[string][]string{
		"socket": {"socket"}, "socket|1|2": {"socket", "1", "2"}, "read|--|-1": {"read", "-1"}, "socket()": {"socket"},
		"socket(AF_VSOCK, SOCK_STREAM, 0)": {"socket", "AF_VSOCK", "SOCK_STREAM", "0"}, "socket(AF_VSOCK,|SOCK_STREAM,|0)": {"socket", "AF_VSOCK", "SOCK_STREAM", "0"},
		"ioctl( *,TIOCSTI )": {"ioctl", "*", "TIOCSTI"}, "socket(1": {"socket(1"}, "a b(1)": {"a b(1)"},
	} {
		name, args := writtenCallOf(strings.Split(line, "|"))
		assert.Equal(t, want, append([]string{name}, args...), line)
	}
}

// TestArgumentValue: explain takes the constants of the headers, and suggests those
// that are near.
func TestArgumentValue(t *testing.T) {
	for text, want := range map[string]uint64{"TIOCSTI": 0x5412, "SO_REUSEPORT": 15, "SYS_SOCKET": 1, "KCMP_FILE": 0, "O_RDWR|O_CREAT": 0o102, "SOCK_STREAM|0x10": 0x11} {
		v, err := argumentValue(arch.X86_64, text)
		require.NoError(t, err)
		assert.Equal(t, want, v, text)
	}
	v, err := argumentValue(arch.S390X, "SYS_SENDMMSG")
	require.NoError(t, err)
	assert.EqualValues(t, 20, v)
	_, err = argumentValue(arch.X86_64, "AF_INTE")
	assert.ErrorContains(t, err, "did you mean AF_INET?")
	_, err = argumentValue(arch.X86_64, "/etc/passwd")
	assert.ErrorContains(t, err, "of what lies in memory")
}
